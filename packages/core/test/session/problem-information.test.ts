import { describe, expect, test } from 'vitest';

import { type Dialogue, dialogue } from './dialogue.ts';
import { auth, goodbye, message, puback, pubcomp, pubrec, pubrel, suback, unsuback } from './packets.ts';

const request = { requestProblemInformation: false, sessionExpirySeconds: 60 } as const;
const explanations = [{ reasonString: 'why' }, { userProperties: [['a', 'b']] as const }] as const;

/** A connection on which every kind of answer is due. */
function asked(): Dialogue {
  const given = dialogue().connected({ request });
  given.publish('a');
  given.publish('b', { qos: 2 });
  given.publish('c', { qos: 2 });
  given.receive(pubrec(3));
  given.subscribe('d');
  given.unsubscribe('e');
  given.receive(message({ qos: 2, packetId: 6 }));
  given.acknowledge(given.delivered()[0]);
  given.sent();
  return given;
}

const answers = [puback(1), pubrec(2), pubcomp(3), suback(4, 0), unsuback(5, 0), pubrel(6)] as const;

describe('a server that was asked for no explanations', () => {
  test.each(answers)('[5.0 MQTT-3.1.2-29] is told 0x82 when there is one in $type', (packet) => {
    for (const properties of explanations) {
      const given = asked();
      given.receive({ ...packet, properties });
      expect(given.said()).toEqual(['disconnect 0x82']);
      expect(given.ending()).toBe('protocol-error');
    }
    const given = asked();
    given.receive(packet);
    expect(given.ending()).toBe('open');
  });

  test('[5.0 MQTT-3.1.2-29] is told 0x82 when there is one in AUTH', () => {
    const given = dialogue();
    given.connect({ request: { ...request, authenticationMethod: 'M' } });
    given.sent();
    const packet = auth(0x18);
    given.receive({ ...packet, properties: { ...packet.properties, reasonString: 'why' } });
    expect(given.said()).toEqual(['disconnect 0x82']);
  });

  test('[5.0 MQTT-3.1.2-29] may explain CONNACK, PUBLISH and DISCONNECT all the same', () => {
    for (const properties of explanations) {
      const given = dialogue().connected({ request, properties });
      given.receive(message({ properties: { userProperties: [['a', 'b']] } }));
      expect(given.delivered()).toHaveLength(1);
      given.receive(goodbye(0x8b, properties));
      expect(given.said()).toEqual([]);
      expect(given.ending()).toBe('server-disconnect');
    }
  });

  test('may explain everything when it was asked to, or was not asked', () => {
    for (const given of [
      dialogue().connected({ request: { requestProblemInformation: true } }),
      dialogue().connected({ request: {} }),
    ]) {
      given.publish('a');
      given.receive({ ...puback(1), properties: { reasonString: 'fine' } });
      expect(given.ending()).toBe('open');
    }
  });
});
