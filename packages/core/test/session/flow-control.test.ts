import { describe, expect, test } from 'vitest';

import { type Dialogue, dialogue } from './dialogue.ts';
import { message, pingresp, puback, pubcomp, pubrec, pubrel, suback } from './packets.ts';

const two = { properties: { receiveMaximum: 2 } } as const;

describe('the Receive Maximum of the server', () => {
  test('[5.0 MQTT-3.3.4-7, MQTT-4.9.0-2] makes a third message wait until one of two is finished [parity E17, P6]', () => {
    const given = dialogue().connected(two);
    given.publish('a');
    given.publish('b', { qos: 2 });
    for (const topic of ['c', 'd', 'e', 'f']) given.publish(topic, { qos: 2 });
    expect(given.said()).toEqual(['publish 1 a', 'publish 2 b']);
    given.receive(puback(1, 0x10));
    expect(given.said()).toEqual(['publish 3 c']);
    // A PUBREC that is a success finishes nothing.
    given.receive(pubrec(2), pubrec(2));
    expect(given.said()).toEqual(['pubrel 2', 'pubrel 2']);
    given.receive(pubcomp(2));
    expect(given.said()).toEqual(['publish 4 d']);
    given.receive(pubrec(3, 0x87));
    expect(given.said()).toEqual(['publish 5 e']);
    given.receive(pubrec(4), pubcomp(4, 0x92));
    expect(given.said()).toEqual(['pubrel 4', 'publish 6 f']);
  });

  test('[5.0 MQTT-4.9.0-2] is not widened by answers that come twice or to nothing [parity E19, P6]', () => {
    const given = dialogue().connected(two);
    for (const topic of ['a', 'b', 'c', 'd', 'e']) given.publish(topic);
    given.receive(puback(1), puback(1), puback(1), pubcomp(99), puback(99), pubrec(99, 0x80));
    expect(given.said()).toEqual(['publish 1 a', 'publish 2 b', 'publish 3 c']);
    expect(given.session.counts.sendSlots).toBe(2);
  });

  test('[5.0 MQTT-3.3.4-7, MQTT-4.9.0-1] counts what is sent again, by the number of the new connection', () => {
    const given = dialogue().connected();
    for (const topic of ['a', 'b', 'c', 'd', 'e']) given.publish(topic);
    given.sent();
    given.resumed(two);
    expect(given.said()).toEqual(['publish 1 dup a', 'publish 2 dup b']);
    given.receive(puback(2));
    expect(given.said()).toEqual(['publish 3 dup c']);
    given.resumed();
    expect(given.said()).toEqual(['publish 1 dup a', 'publish 3 dup c', 'publish 4 dup d', 'publish 5 dup e']);
  });

  test('[5.0 MQTT-4.9.0-2] never grows past its start, although PUBCOMP answers a PUBREL that took no slot', () => {
    const given = dialogue().connected();
    for (const topic of ['a', 'b', 'c']) given.publish(topic, { qos: 2 });
    given.receive(pubrec(1), pubrec(2), pubrec(3));
    for (const topic of ['d', 'e', 'f', 'g']) given.publish(topic, { qos: 2 });
    given.sent();
    given.resumed(two);
    expect(given.said()).toEqual(['pubrel 1', 'pubrel 2', 'pubrel 3']);
    given.receive(pubcomp(1));
    expect(given.said()).toEqual([]);
    given.receive(pubcomp(2), pubcomp(3));
    // The watch in the dialogue counts what the server would count.
    expect(given.said()).toEqual(['publish 4 dup d', 'publish 5 dup e']);
    expect(given.session.counts.sendSlots).toBe(2);
  });

  test('[5.0 MQTT-4.9.0-1] is 65 535 where the server says nothing, and is not inherited', () => {
    const given = dialogue().connected(two);
    for (const topic of ['a', 'b', 'c']) given.publish(topic);
    given.sent();
    given.resumed();
    expect(given.said()).toEqual(['publish 1 dup a', 'publish 2 dup b', 'publish 3 c']);
    expect(given.session.agreement?.limits.receiveMaximum).toBe(65_535);
  });

  test('[5.0 MQTT-3.3.4-8, MQTT-4.9.0-3] stops nothing but PUBLISH [parity E17]', () => {
    const given = dialogue().connected(two);
    given.publish('a', { qos: 2 });
    given.publish('b');
    given.publish('waits');
    given.sent();
    given.subscribe('s');
    given.unsubscribe('u');
    given.ping();
    given.publish('q0', { qos: 0 });
    given.receive(pubrec(1), message({ packetId: 1 }), message({ qos: 2, packetId: 2 }), pingresp);
    for (const delivery of given.delivered()) given.acknowledge(delivery);
    given.receive(pubrel(2));
    given.disconnect();
    expect(given.said()).toEqual([
      'subscribe 3 s',
      'unsubscribe 4 u',
      'pingreq',
      'publish q0',
      'pubrel 1',
      'puback 1',
      'pubrec 2',
      'pubcomp 2',
      'disconnect',
    ]);
  });

  test('does not hold up QoS 0, which overtakes what waits but never other QoS 0', () => {
    const given = dialogue();
    for (const topic of ['a', 'b', 'c']) given.publish(topic);
    const waited = given.publish('old', { qos: 0 });
    given.connected({ properties: { receiveMaximum: 1 } });
    given.publish('new', { qos: 0 });
    expect(given.said()).toEqual(['publish 1 a', 'publish old', 'publish new']);
    expect(given.outcome(waited)).toBe('ok');
    given.receive(puback(1), puback(2));
    expect(given.said()).toEqual(['publish 2 b', 'publish 3 c']);
    expect(given.session.counts).toMatchObject({ waitingMessages: 0, waitingBytes: 0 });
  });

  test('loses none of 66 000 messages without an acknowledgement, and keeps their order [parity P9]', () => {
    const given = dialogue({ persists: false }).connected();
    const operations = Array.from({ length: 66_000 }, (_, index) => given.publish(`${index}`));
    expect(given.session.counts).toMatchObject({ inFlight: 65_535, waitingMessages: 465, packetIds: 65_535 });
    const topics = given.sent().map((packet) => packet.type === 'publish' && packet.topic);
    for (let id = 1; id <= 65_535; id += 1) given.receive(puback(id));
    for (const packet of given.sent()) if (packet.type === 'publish') topics.push(packet.topic);
    expect(topics).toEqual(operations.map((_, index) => `${index}`));
    for (let id = 1; id <= 465; id += 1) given.receive(puback(id));
    expect(operations.every((operation) => given.outcome(operation) === 'ok')).toBe(true);
    expect(given.session.counts).toMatchObject({ inFlight: 0, packetIds: 0, sendSlots: 0 });
  });

  test('leaves an id to SUBSCRIBE before the next message gets one', () => {
    const given = dialogue({ persists: false }).connected();
    for (let count = 0; count < 65_540; count += 1) given.publish('a');
    const subscribe = given.subscribe('s');
    given.unsubscribe('u');
    given.sent();
    given.receive(puback(7), puback(9));
    expect(given.said()).toEqual(['subscribe 7 s', 'unsubscribe 9 u']);
    given.receive(suback(7, 0));
    expect(given.outcome(subscribe)).toBe('ok');
    expect(given.said()).toEqual(['publish 7 a']);
  });
});

describe('the Receive Maximum of this side', () => {
  test('[5.0 MQTT-3.3.4-9] is enforced: one message more is answered with 0x93, and not delivered [parity Z28, E29]', () => {
    for (const [first, second] of [
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ] as const) {
      const given = dialogue({ receiveMaximum: 1 }).connected();
      given.receive(message({ qos: first, packetId: 1 }), message({ qos: 0 }));
      expect(given.delivered()).toHaveLength(2);
      given.receive(message({ qos: second, packetId: 2 }));
      expect(given.delivered()).toEqual([]);
      expect(given.said()).toEqual(['disconnect 0x93']);
      expect(given.ending()).toBe('protocol-error');
    }
  });

  test('[5.0 MQTT-3.3.4-9] frees a slot with PUBACK, with PUBCOMP and with a PUBREC that refuses', () => {
    const given = dialogue({ receiveMaximum: 1 }).connected();
    given.receive(message({ packetId: 1 }));
    given.acknowledge(given.delivered()[0]);
    given.receive(message({ qos: 2, packetId: 1 }));
    given.acknowledge(given.delivered()[0], { reasonCode: 0x80 });
    given.receive(message({ qos: 2, packetId: 2 }));
    given.acknowledge(given.delivered()[0]);
    given.receive(pubrel(2), message({ packetId: 3 }));
    expect(given.ending()).toBe('open');
    expect(given.said()).toEqual(['puback 1', 'pubrec 1 0x80', 'pubrec 2', 'pubcomp 2']);
  });

  test('[5.0 MQTT-3.3.4-9] counts a message of QoS 2 until PUBCOMP', () => {
    const given = dialogue({ receiveMaximum: 1 }).connected();
    given.receive(message({ qos: 2, packetId: 2 }));
    given.acknowledge(given.delivered()[0]);
    given.receive(message({ packetId: 3 }));
    expect(given.said()).toEqual(['pubrec 2', 'disconnect 0x93']);
  });

  test('[5.0 MQTT-3.3.4-9] counts a message whose acknowledgement waits for its turn [parity E29]', () => {
    const given = dialogue({ receiveMaximum: 2 }).connected();
    given.receive(message({ packetId: 1 }), message({ packetId: 2 }));
    given.acknowledge(given.delivered()[1]);
    given.receive(message({ packetId: 3 }));
    expect(given.said()).toEqual(['disconnect 0x93']);
  });

  test('[5.0 MQTT-3.3.4-9] is not touched by the repetition of a message of QoS 2', () => {
    const given = dialogue({ receiveMaximum: 1 }).connected();
    given.receive(message({ qos: 2, packetId: 2 }), message({ qos: 2, packetId: 2, dup: true }));
    given.acknowledge(given.delivered()[0]);
    given.receive(message({ qos: 2, packetId: 2, dup: true }));
    expect(given.said()).toEqual(['pubrec 2', 'pubrec 2']);
    expect(given.ending()).toBe('open');
  });

  test('begins anew with each connection', () => {
    const given = dialogue({ receiveMaximum: 1 }).connected();
    given.receive(message({ packetId: 1 }));
    given.resumed().receive(message({ qos: 2, packetId: 2 }));
    expect(given.ending()).toBe('open');
  });

  // Servers that lose count do so with answers, and with connections: all would come again if that were the end.
  test('[5.0 MQTT-3.3.4-9] is not insisted on when a resumed session has more in flight: it is time to read no more', () => {
    const given = dialogue({ receiveMaximum: 2 }).connected();
    given.resumed();
    given.receive(message({ packetId: 1, dup: true }), message({ qos: 2, packetId: 2, dup: true }));
    expect(given.session.hasEnough).toBe(false);
    given.receive(message({ packetId: 3, dup: true }));
    expect(given.session.hasEnough).toBe(true);
    expect(given.ending()).toBe('open');
    const [first, second, third] = given.delivered();
    given.acknowledge(first);
    expect(given.session.hasEnough).toBe(false);
    given.acknowledge(second);
    given.acknowledge(third);
    expect(given.said()).toEqual(['puback 1', 'pubrec 2', 'puback 3']);
  });

  test('[5.0 MQTT-3.3.4-9] is not insisted on after the first message that is finished', () => {
    for (const finish of [
      (given: Dialogue) => {
        given.receive(message({ packetId: 1 }));
        given.acknowledge(given.delivered()[0]);
      },
      (given: Dialogue) => {
        given.receive(message({ qos: 2, packetId: 1 }));
        given.acknowledge(given.delivered()[0], { reasonCode: 0x80 });
      },
      (given: Dialogue) => {
        given.receive(message({ qos: 2, packetId: 1 }));
        given.acknowledge(given.delivered()[0]);
        given.receive(pubrel(1));
      },
    ]) {
      const given = dialogue({ receiveMaximum: 1 }).connected();
      finish(given);
      given.receive(message({ packetId: 2 }), message({ packetId: 3 }));
      expect(given.ending()).toBe('open');
      expect(given.session.hasEnough).toBe(true);
    }
  });

  test('[5.0 MQTT-3.3.4-9] binds again once the server has begun a new session', () => {
    const given = dialogue({ receiveMaximum: 1 }).connected();
    given.receive(message({ packetId: 1 }));
    given.acknowledge(given.delivered()[0]);
    given.lost().connected({ sessionPresent: false });
    given.sent();
    given.receive(message({ packetId: 1 }), message({ packetId: 2 }));
    expect(given.said()).toEqual(['disconnect 0x93']);
  });

  test('is no reason to leave a message unread that is waited for as an answer', () => {
    const given = dialogue({ receiveMaximum: 1 }).connected();
    given.resumed().receive(message({ packetId: 1 }), message({ packetId: 2 }));
    given.session.expectAnswer(true);
    expect(given.session.hasEnough).toBe(false);
    given.session.expectAnswer(false);
    expect(given.session.hasEnough).toBe(true);
  });

  test('is no fault in 3.1.1, which cannot announce it: there it is time to read no more', () => {
    const given = dialogue({ receiveMaximum: 2 }).connected({ version: '3.1.1' });
    given.receive(message({ packetId: 1 }));
    expect(given.session.hasEnough).toBe(false);
    given.receive(message({ qos: 2, packetId: 2 }), message({ packetId: 3 }));
    expect(given.session.hasEnough).toBe(true);
    expect(given.delivered()).toHaveLength(3);
    expect(given.ending()).toBe('open');
    given.disconnect();
    expect(given.session.hasEnough).toBe(false);
  });

  test('is no reason in 3.1.1 to leave an answer unread that is waited for', () => {
    const given = dialogue({ receiveMaximum: 1 }).connected({ version: '3.1.1' });
    given.receive(message({ packetId: 1 }));
    given.publish('a');
    expect(given.session.hasEnough).toBe(false);
    given.receive(puback(1));
    expect(given.session.hasEnough).toBe(true);
    given.ping();
    expect(given.session.hasEnough).toBe(false);
    given.receive(pingresp);
    expect(given.session.hasEnough).toBe(true);
  });

  test('[3.1.1 MQTT-2.3.1-4] gives way in 3.1.1 to the number of packet ids', () => {
    const given = dialogue({ receiveMaximum: 1 }).connected({ version: '3.1.1' });
    for (let packetId = 1; packetId <= 65_535; packetId += 1) given.receive(message({ packetId }));
    expect(given.ending()).toBe('open');
    given.receive(message({ packetId: 1 }));
    expect(given.ending()).toBe('protocol-error');
  });
});
