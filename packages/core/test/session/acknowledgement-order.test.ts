import { describe, expect, test } from 'vitest';

import { dialogue } from './dialogue.ts';
import { message, pubrec } from './packets.ts';

const versions = ['5.0', '3.1.1'] as const;
const orders = [
  [1, 0, 2],
  [2, 1, 0],
  [2, 0, 1],
  [0, 2, 1],
] as const;

describe('acknowledgements', () => {
  test.each(orders)(
    '[5.0 MQTT-4.6.0-2, MQTT-4.6.0-3] [3.1.1 MQTT-4.6.0-2, MQTT-4.6.0-3] leave in the order of the messages, although handlers end as %i, %i, %i [parity Z22, E28, P18]',
    (...order) => {
      for (const version of versions) {
        for (const qos of [1, 2] as const) {
          const given = dialogue().connected({ version });
          given.receive(...[7, 5, 6].map((packetId) => message({ qos, packetId })));
          const deliveries = given.delivered();
          for (const index of order) given.acknowledge(deliveries[index]);
          const name = qos === 1 ? 'puback' : 'pubrec';
          expect(given.said()).toEqual([`${name} 7`, `${name} 5`, `${name} 6`]);
        }
      }
    },
  );

  test('leave as soon as their turn has come', () => {
    const given = dialogue().connected();
    given.receive(...[1, 2, 3].map((packetId) => message({ packetId })));
    const [first, second, third] = given.delivered();
    given.acknowledge(second);
    expect(given.said()).toEqual([]);
    given.acknowledge(first, { reasonCode: 0x83 });
    expect(given.said()).toEqual(['puback 1 0x83', 'puback 2']);
    given.acknowledge(third);
    expect(given.said()).toEqual(['puback 3']);
  });

  test('of one QoS do not wait for those of the other [parity P18]', () => {
    const given = dialogue().connected();
    given.receive(message({ packetId: 1 }), message({ packetId: 2, qos: 2 }));
    const [first, second] = given.delivered();
    given.acknowledge(second);
    expect(given.said()).toEqual(['pubrec 2']);
    given.acknowledge(first);
    expect(given.said()).toEqual(['puback 1']);
  });

  test('[5.0 MQTT-4.6.0-3] [3.1.1 MQTT-4.6.0-3] of repetitions wait for their turn too', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      given.receive(message({ packetId: 1, qos: 2 }), message({ packetId: 2, qos: 2 }));
      const [first, second] = given.delivered();
      given.acknowledge(second);
      given.resumed({ version });
      given.receive(message({ packetId: 1, qos: 2, dup: true }), message({ packetId: 2, qos: 2, dup: true }));
      expect(given.said()).toEqual([]);
      given.acknowledge(first);
      expect(given.said()).toEqual(['pubrec 1', 'pubrec 2']);
    }
  });

  test('[5.0 MQTT-4.6.0-4] [3.1.1 MQTT-4.6.0-4] of PUBREC leave in the order in which PUBREC came', () => {
    for (const version of versions) {
      const given = dialogue().connected({ version });
      for (const topic of ['a', 'b', 'c']) given.publish(topic, { qos: 2 });
      given.sent();
      given.receive(pubrec(2), pubrec(3), pubrec(1));
      expect(given.said()).toEqual(['pubrel 2', 'pubrel 3', 'pubrel 1']);
    }
  });
});
