import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { PacketIds } from '../../src/session/packet-ids.ts';
import { dialogue } from './dialogue.ts';
import { puback, pubcomp, pubrec, suback, unsuback } from './packets.ts';

const LARGEST = 65_535;
const versions = ['5.0', '3.1.1'] as const;

describe('PacketIds', () => {
  test('is a set of ids: it gives free ones, next after the last, and nothing else', () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant('take' as const) }),
      fc.record({ type: fc.constant('claim' as const), id: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ type: fc.constant('release' as const), id: fc.integer({ min: 0, max: 40 }) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.array(step, { maxLength: 200 }), (fromEnd, steps) => {
        const ids = new PacketIds();
        const model = new Set<number>();
        let last = 0;
        // The first ids are just before the wrap.
        for (let id = 0; id < LARGEST - fromEnd; id += 1) ids.release(ids.take());
        last = LARGEST - fromEnd;
        const given: number[] = [];
        const expected: number[] = [];
        for (const command of steps) {
          if (command.type === 'take') {
            do last = last === LARGEST ? 1 : last + 1;
            while (model.has(last));
            model.add(last);
            expected.push(last);
            given.push(ids.take());
          } else if (command.type === 'claim') {
            ids.claim(command.id);
            model.add(command.id);
          } else {
            ids.release(command.id);
            model.delete(command.id);
          }
          expect(ids.count).toBe(model.size);
        }
        expect(given).toEqual(expected);
        for (let id = 0; id <= 45; id += 1) expect(ids.has(id)).toBe(model.has(id));
      }),
      { numRuns: 50 },
    );
  });

  test('has 65 535 ids, none of them 0, and gives no id that is taken', () => {
    const ids = new PacketIds();
    const taken = new Set<number>();
    for (let count = 0; count < LARGEST; count += 1) taken.add(ids.take());
    expect(taken.size).toBe(LARGEST);
    expect(Math.min(...taken)).toBe(1);
    expect(Math.max(...taken)).toBe(LARGEST);
    expect(ids.isExhausted).toBe(true);
    expect(() => ids.take()).toThrow('all packet identifiers are taken');
    ids.release(4711);
    expect(ids.take()).toBe(4711);
  });
});

describe('packet ids', () => {
  test('[5.0 MQTT-2.2.1-3, MQTT-4.3.2-1, MQTT-4.3.3-1] [3.1.1 MQTT-2.3.1-2, MQTT-4.3.2-1, MQTT-4.3.3-1] come from one pool, and one that is busy is passed over after the wrap [parity Z14, M12, E18, B12, B13]', () => {
    for (const version of versions) {
      const given = dialogue({ persists: false }).connected({ version });
      given.publish('a');
      given.publish('b', { qos: 2 });
      given.receive(pubrec(2));
      given.subscribe('c');
      given.unsubscribe('d');
      expect(given.said()).toEqual(['publish 1 a', 'publish 2 b', 'pubrel 2', 'subscribe 3 c', 'unsubscribe 4 d']);
      for (let id = 5; id <= LARGEST; id += 1) {
        given.publish('x');
        given.receive(puback(id));
      }
      given.sent();
      given.publish('wrapped');
      expect(given.said()).toEqual(['publish 5 wrapped']);
      expect(given.session.counts.packetIds).toBe(5);
    }
  });

  test('[5.0 MQTT-2.2.1-3] [3.1.1 MQTT-2.3.1-2, MQTT-2.3.1-3] are free after the last answer, and not before', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.publish('a');
      given.publish('b', { qos: 2 });
      given.subscribe('c');
      given.unsubscribe('d');
      const freed = () => given.session.counts.packetIds;
      expect(freed()).toBe(4);
      given.receive(pubrec(2));
      expect(freed()).toBe(4);
      given.receive(pubcomp(2));
      expect(freed()).toBe(3);
      given.receive(puback(1));
      expect(freed()).toBe(2);
      given.receive(suback(3, 0));
      expect(freed()).toBe(1);
      given.receive(unsuback(4, ...(version === '5.0' ? [0] : [])));
      expect(freed()).toBe(0);
    }
  });

  test('[5.0 MQTT-2.2.1-3] that are all taken make everything wait that needs one, and nothing else', () => {
    const given = dialogue({ persists: false }).connected();
    // SUBSCRIBE takes no slot, so the window stays open.
    for (let count = 0; count < LARGEST; count += 1) given.subscribe('s');
    given.sent();
    const operations = [given.publish('a'), given.subscribe('b'), given.unsubscribe('c')];
    given.publish('d', { qos: 0 });
    given.ping();
    expect(given.said()).toEqual(['publish d', 'pingreq']);
    given.receive(suback(100, 0), suback(200, 0), suback(300, 0));
    expect(given.said()).toEqual(['subscribe 100 b', 'unsubscribe 200 c', 'publish 300 a']);
    expect(operations.map((operation) => given.outcome(operation))).toEqual(['pending', 'pending', 'pending']);
  });

  test('of a cancelled SUBSCRIBE stay taken until the server has answered [parity Z15, E18, B26]', () => {
    const given = dialogue().connected();
    const subscribe = given.subscribe('a');
    given.cancel(subscribe);
    expect(given.outcome(subscribe)).toBe('given-up');
    expect(given.session.counts.packetIds).toBe(1);
    given.receive(suback(1, 0));
    expect(given.session.counts).toMatchObject({ packetIds: 0, exchanges: 0 });
  });
});
