import { requirePeer } from '@omqtt/peers';
import { describe, expect, test } from 'vitest';
import { runRig } from '../src/rig.ts';
import { isClean, judge } from '../src/verdict.ts';

const mosquitto = requirePeer('mosquitto');

describe.skipIf(mosquitto.isMissing)('publisher, subscriber and broker', () => {
  test(
    'are killed 50 times and twice: of what was accepted nothing is lost, and nothing of QoS 2 comes twice',
    { timeout: 120_000 },
    async () => {
      const verdict = await runRig({ kills: 50, restarts: 2, seed: 20_261_128, mosquitto: mosquitto.path });
      const { qos1, qos2 } = verdict;
      expect({ lost: [...qos1.lost, ...qos2.lost], twice: qos2.repeated }).toEqual({ lost: [], twice: [] });
      expect(isClean(verdict)).toBe(true);
      expect(verdict.kills.publisher + verdict.kills.subscriber).toBeGreaterThanOrEqual(50);
    },
  );
});

describe('the verdict', () => {
  const clean = { accepted: 1, arrived: 1, lost: [], repeated: [], resentByBroker: [] };
  const kills = { publisher: 1, subscriber: 1 };

  test('names what was accepted and did not arrive, and what arrived more than once', () => {
    const arrivals = new Map([
      ['1.1', 1],
      ['1.3', 2],
      ['1.4', 1],
    ]);
    expect(judge(['1.1', '1.2', '1.3'], arrivals)).toEqual({
      accepted: 3,
      arrived: 3,
      lost: ['1.2'],
      repeated: ['1.3'],
      resentByBroker: [],
    });
  });

  test.each([
    ['a lost message of QoS 1', { qos1: { ...clean, lost: ['a'] }, qos2: clean }],
    ['a lost message of QoS 2', { qos1: clean, qos2: { ...clean, lost: ['a'] } }],
    ['a message of QoS 2 that came twice', { qos1: clean, qos2: { ...clean, repeated: ['a'] } }],
    ['no traffic at all', { qos1: { ...clean, accepted: 0 }, qos2: clean }],
  ])('is not clean with %s', (_, { qos1, qos2 }) => {
    expect(isClean({ kills, restarts: 0, qos1, qos2 })).toBe(false);
  });

  test('is clean when a message of QoS 1 came twice', () => {
    expect(isClean({ kills, restarts: 0, qos1: { ...clean, repeated: ['a'] }, qos2: clean })).toBe(true);
  });
});
