import { describe, expect, test } from 'vitest';

import { dialogue, START } from './dialogue.ts';
import { message, pingresp } from './packets.ts';

describe('PINGREQ', () => {
  test('[5.0 MQTT-3.1.2-20] [3.1.1 MQTT-3.1.2-23] leaves in time when nothing else was sent', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue().connected({ version, keepAliveSeconds: 10 });
      given.pass(8999);
      expect(given.said()).toEqual([]);
      given.pass(1001);
      expect(given.said()).toEqual(['pingreq']);
      given.receive(pingresp).pass(10_000);
      expect(given.said()).toEqual(['pingreq']);
    }
  });

  test('[5.0 MQTT-3.1.2-20] [3.1.1 MQTT-3.1.2-23] is not put off by what arrives', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue().connected({ version, keepAliveSeconds: 10 });
      for (let second = 0; second < 10; second += 1) given.receive(message({ qos: 0 })).pass(1000);
      expect(given.said()).toEqual(['pingreq']);
    }
  });

  test('[5.0 MQTT-3.1.2-20] [3.1.1 MQTT-3.1.2-23] is put off by whatever is sent', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue().connected({ version, keepAliveSeconds: 10 });
      for (let second = 0; second < 30; second += 1) {
        given.publish('a', { qos: 0 });
        given.pass(1000);
      }
      expect(given.said()).toEqual(Array.from({ length: 30 }, () => 'publish a'));
    }
  });

  test('[5.0 MQTT-3.1.2-20] [3.1.1 MQTT-3.1.2-23] never leaves when the keep-alive is 0', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue().connected({ version, keepAliveSeconds: 0 });
      expect(given.session.nextDeadline()).toBe(Infinity);
      given.jumpTo(START + 1e9);
      expect(given.said()).toEqual([]);
    }
  });

  test('[5.0 MQTT-3.1.2-20] [3.1.1 MQTT-3.1.2-23] goes on while nothing is read, since the server waits for it', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue().connected({ version, keepAliveSeconds: 2 });
      given.act(() => given.session.pauseReading(true, given.now));
      given.pass(20_000);
      expect(given.said().length).toBeGreaterThanOrEqual(10);
      expect(given.ending()).toBe('open');
    }
  });

  test('[5.0 MQTT-3.1.2-20] [3.1.1 MQTT-3.1.2-23] goes on while a server that is busy sending owes an answer', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue().connected({ version, keepAliveSeconds: 10 });
      for (let second = 0; second < 30; second += 1) given.receive(message({ qos: 0 })).pass(1000);
      expect(given.said()).toEqual(['pingreq', 'pingreq', 'pingreq']);
      expect(given.ending()).toBe('open');
    }
  });
});

describe('a clock that is set', () => {
  test('back makes the session ask at once, since it cannot know how long it has been silent', () => {
    const given = dialogue().connected({ keepAliveSeconds: 60 });
    given.jumpTo(START - 3_600_000);
    expect(given.said()).toEqual(['pingreq']);
    given.receive(pingresp).pass(60_000);
    expect(given.said()).toEqual(['pingreq']);
  });
});
