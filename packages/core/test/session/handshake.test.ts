import { describe, expect, test } from 'vitest';

import { dialogue } from './dialogue.ts';
import { connack, message, nothing, pingresp, refusal, suback } from './packets.ts';

describe('CONNECT', () => {
  test('[5.0 MQTT-3.1.0-1] [3.1.1 MQTT-3.1.0-1] is the first packet of every connection, whatever waits', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue();
      given.publish('a');
      given.subscribe('b');
      expect(given.said()).toEqual([]);
      given.connect({ version });
      expect(given.said()).toEqual(['connect']);
      given.lost().connect({ version });
      given.publish('c');
      expect(given.said()).toEqual(['connect']);
    }
  });

  test('[5.0 MQTT-3.1.0-2] [3.1.1 MQTT-3.1.0-2] never leaves twice on one connection', () => {
    const given = dialogue();
    given.connect();
    expect(() => given.connect()).toThrow('there is a connection already');
    given.receive(connack());
    expect(() => given.connect()).toThrow('there is a connection already');
    given.disconnect();
    expect(() => given.connect()).toThrow('there is a connection already');
    expect(given.said()).toEqual(['connect', 'disconnect']);
    given.lost().connect();
    expect(given.said()).toEqual(['connect']);
  });

  test('says what the client asked for, and what it announces', () => {
    const given = dialogue({ clientId: 'me', receiveMaximum: 10, topicAliasMaximum: 7 });
    const will = { topic: 'w', payload: nothing, qos: 1, retain: true } as const;
    given.connect({ username: 'u', password: nothing, will, cleanStart: true, keepAliveSeconds: 9 });
    expect(given.sent()).toEqual([
      {
        type: 'connect',
        version: '5.0',
        clientId: 'me',
        cleanStart: true,
        keepAliveSeconds: 9,
        username: 'u',
        password: nothing,
        will,
        properties: { sessionExpirySeconds: 3600, receiveMaximum: 10, topicAliasMaximum: 7 },
      },
    ]);
  });

  test('leaves out in 3.1.1 what it has no room for', () => {
    const given = dialogue({ receiveMaximum: 10, topicAliasMaximum: 7 });
    given.connect({ version: '3.1.1' });
    const facts = { version: '3.1.1', clientId: 'client', cleanStart: false, keepAliveSeconds: 0 };
    expect(given.sent()).toEqual([{ type: 'connect', ...facts }]);
  });
});

describe('CONNACK', () => {
  test('[5.0 MQTT-3.1.4-5] [3.1.1 MQTT-3.1.4-4] settles the call, and nothing settles it before', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue();
      const call = given.connect({ version });
      expect(given.outcome(call)).toBe('pending');
      expect(given.session.isConnected).toBe(false);
      const answer = version === '5.0' ? connack({ responseInformation: 'r', reasonString: 'hi' }) : connack();
      given.receive(answer);
      expect(given.settled(call)).toEqual({ operation: call, packet: answer, error: undefined });
      expect(given.told()).toEqual([{ type: 'connected', connack: answer }]);
      expect(given.session.isConnected).toBe(true);
    }
  });

  test('does not make the call wait until messages of the last connection are acknowledged [parity P5]', () => {
    const given = dialogue().connected();
    given.publish('a');
    given.lost();
    const call = given.connect();
    given.receive(connack(undefined, true));
    expect(given.outcome(call)).toBe('ok');
  });

  test('[5.0 MQTT-3.2.2-3] [3.1.1 MQTT-3.2.2-2, MQTT-3.2.2-3] says whether there was a session', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      for (const sessionPresent of [true, false]) {
        const given = dialogue().connected({ version }).lost();
        const call = given.connect({ version });
        given.receive(connack(undefined, sessionPresent));
        expect(given.settled(call)?.packet).toMatchObject({ sessionPresent });
      }
    }
  });

  test('is processed before what came with it [parity E1]', () => {
    const given = dialogue();
    given.connect();
    given.receive(connack(), message({ topic: 'at once' }));
    expect(given.delivered().map((delivery) => delivery.message.topic)).toEqual(['at once']);
  });

  test('[5.0 MQTT-3.1.2-28] may bring response information, asked for or not', () => {
    for (const requestResponseInformation of [true, false]) {
      const given = dialogue().connected({
        request: { requestResponseInformation },
        properties: { responseInformation: 'r' },
      });
      expect(given.ending()).toBe('open');
      expect(given.told()).toMatchObject([{ connack: { properties: { responseInformation: 'r' } } }]);
    }
  });
});

describe('a server that breaks the handshake', () => {
  const early = [message({ qos: 0 }), suback(1, 0), pingresp];

  test.each(early)('[5.0 MQTT-3.2.0-1] is told 0x82 when $type comes before CONNACK', (packet) => {
    const given = dialogue();
    const call = given.connect();
    given.sent();
    given.receive(packet);
    expect(given.said()).toEqual(['disconnect 0x82']);
    expect(given.ending()).toBe('protocol-error');
    expect(given.outcome(call)).toBe('protocol-error');
    expect(given.delivered()).toEqual([]);
  });

  test.each(early)('[3.1.1 MQTT-3.2.0-1] is left without a word when $type comes before CONNACK', (packet) => {
    const given = dialogue();
    const call = given.connect({ version: '3.1.1' });
    given.sent();
    given.receive(packet);
    expect(given.said()).toEqual([]);
    expect(given.ending()).toBe('protocol-error');
    expect(given.outcome(call)).toBe('protocol-error');
  });

  test('[5.0 MQTT-3.2.0-2] is told 0x82 when it sends a second CONNACK, which changes nothing', () => {
    const given = dialogue().connected({ properties: { receiveMaximum: 5 } });
    given.receive(connack({ receiveMaximum: 50 }));
    expect(given.said()).toEqual(['disconnect 0x82']);
    expect(given.ending()).toBe('protocol-error');
    expect(given.told()).toMatchObject([{ type: 'connected', connack: { properties: { receiveMaximum: 5 } } }]);
  });

  test('[5.0 MQTT-3.2.2-2] is told 0x82 when it resumes a session after a clean start [parity E6]', () => {
    const given = dialogue().connected();
    given.publish('a');
    given.sent();
    given.lost().connected({ cleanStart: true, sessionPresent: true });
    expect(given.said()).toEqual(['disconnect 0x82']);
    expect(given.ending()).toBe('protocol-error');
  });

  test('[3.1.1 MQTT-3.2.2-1] is left when it resumes a session after a clean start [parity E6]', () => {
    const given = dialogue().connected({ version: '3.1.1' });
    given.publish('a');
    given.sent();
    given.lost().connected({ version: '3.1.1', cleanStart: true, sessionPresent: true });
    expect(given.said()).toEqual([]);
    expect(given.ending()).toBe('protocol-error');
  });
});

describe('a refused connection', () => {
  test.each([
    ['a client id that is not valid', 0x85, false],
    ['a bad user name or password', 0x86, false],
    ['a client that is not authorized', 0x87, false],
    ['a banned client', 0x8a, false],
    ['a will with a QoS that is too high', 0x9b, false],
    ['a will that is to be retained', 0x9a, false],
    ['a server that is busy', 0x89, true],
    ['a server that is not available', 0x88, true],
    ['a client that connects too often', 0x9f, true],
  ] as const)(
    '[5.0 MQTT-3.1.3-8, MQTT-3.1.4-2, MQTT-3.2.2-12, MQTT-3.2.2-13] [3.1.1 MQTT-3.1.3-8, MQTT-3.1.3-9] because of %s is an error with the code of the server [parity Z9, E4]',
    (_, reasonCode, retryable) => {
      const given = dialogue();
      const call = given.connect();
      given.receive(
        refusal(reasonCode, { reasonString: 'why', serverReference: 'there', userProperties: [['a', 'b']] }),
      );
      const error = { code: 'connect-refused', reasonCode, retryable, reasonString: 'why', serverReference: 'there' };
      expect(given.settled(call)?.error).toMatchObject({ ...error, userProperties: [['a', 'b']] });
      // Nothing is said to a server that has ended the connection.
      expect(given.said()).toEqual(['connect']);
      expect(given.ending()).toBe('connect-refused');
      expect(given.session.nextDeadline()).toBe(Infinity);
    },
  );

  test('[5.0 MQTT-3.1.4-6] [3.1.1 MQTT-3.1.4-5] leaves what was published waiting, not sent and not settled', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue();
      const publish = given.publish('a');
      given.connect({ version });
      given.receive(refusal(0x88));
      given.lost();
      expect(given.said()).toEqual(['connect']);
      expect(given.outcome(publish)).toBe('pending');
      expect(given.session.counts.waitingMessages).toBe(1);
    }
  });

  test('[5.0 MQTT-3.1.4-2] [3.1.1 MQTT-3.1.4-1, MQTT-3.2.2-6] may be a connection that just ends', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const given = dialogue();
      const call = given.connect({ version });
      given.lost();
      expect(given.outcome(call)).toBe('connection-lost');
      expect(given.session.nextDeadline()).toBe(Infinity);
    }
  });
});

describe('the client id', () => {
  test('[5.0 MQTT-3.1.3-6, MQTT-3.1.3-7] that the server assigns is kept, stored and used from then on [parity E5, P16]', () => {
    const given = dialogue({ clientId: '' }).connected({ properties: { assignedClientId: 'auto-1' } });
    expect(given.session.clientId).toBe('auto-1');
    expect(given.persisted()).toContainEqual({ type: 'client-id', clientId: 'auto-1' });
    given.lost().connect();
    expect(given.sent()).toMatchObject([{ type: 'connect', clientId: 'auto-1' }]);
  });

  test('[5.0 MQTT-3.2.2-16] must be assigned when it was left empty [parity E5]', () => {
    const given = dialogue({ clientId: '' });
    const call = given.connect();
    given.sent();
    given.receive(connack());
    expect(given.said()).toEqual(['disconnect 0x82']);
    expect(given.outcome(call)).toBe('protocol-error');
  });

  test('[3.1.1 MQTT-3.1.3-6] stays empty in 3.1.1, which never tells', () => {
    const given = dialogue({ clientId: '' }).connected({ version: '3.1.1', cleanStart: true });
    expect(given.session.isConnected).toBe(true);
    expect(given.session.clientId).toBe('');
  });
});
