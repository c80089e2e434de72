import { describe, expect, test } from 'vitest';

import { dialogue, GivenUp } from './dialogue.ts';
import { connack, goodbye, message, pingresp, puback, pubrec } from './packets.ts';

describe('DISCONNECT from this side', () => {
  test('[5.0 MQTT-3.14.4-1] [3.1.1 MQTT-3.14.4-2] is the last packet, whatever waits and whatever comes', () => {
    for (const version of ['5.0', '3.1.1'] as const) {
      const properties = version === '5.0' ? { receiveMaximum: 1 } : {};
      const given = dialogue().connected({ version, keepAliveSeconds: 10, properties });
      given.publish('a', { qos: 2 });
      given.publish('b');
      given.receive(message());
      given.sent();
      given.disconnect();
      expect(given.said()).toEqual(['disconnect']);
      expect(given.ending()).toBe('in order');
      given.receive(pubrec(1), pingresp, message({ packetId: 2, qos: 2 }), connack());
      given.acknowledge(given.delivered()[0]);
      given.publish('c', { qos: 0 });
      given.subscribe('d');
      given.unsubscribe('d');
      given.ping();
      given.disconnect();
      given.act(() => given.session.fail(new GivenUp(), given.now));
      given.pass(60_000);
      expect(given.said()).toEqual([]);
      expect(given.ending()).toBe('open');
    }
  });

  test('carries the reason and the properties', () => {
    const given = dialogue().connected();
    const farewell = { reasonCode: 4, properties: { reasonString: 'bye', sessionExpirySeconds: 7 } };
    given.disconnect(farewell);
    expect(given.sent()).toEqual([{ type: 'disconnect', ...farewell }]);
  });

  test('says nothing in 3.1.1, and what it cannot say changes nothing', () => {
    const given = dialogue().connected({ version: '3.1.1' });
    given.publish('a');
    given.sent();
    given.disconnect({ reasonCode: 4, properties: { sessionExpirySeconds: 0 } });
    expect(given.sent()).toEqual([{ type: 'disconnect', reasonCode: 0 }]);
    given.persisted();
    given.resumed({ version: '3.1.1' });
    expect(given.persisted()).toMatchObject([{ type: 'alive', expirySeconds: 0xffff_ffff }, { type: 'alive' }]);
    expect(given.said()).toEqual(['publish 1 dup a']);
  });

  test('may leave before CONNACK, and ends the call to connect', () => {
    const given = dialogue();
    const call = given.connect();
    given.disconnect();
    expect(given.said()).toEqual(['connect', 'disconnect']);
    expect(given.outcome(call)).toBe('connection-lost');
  });

  test('is nothing without a connection', () => {
    const given = dialogue();
    given.disconnect();
    expect(given.ending()).toBe('open');
  });
});

describe('the session expiry in DISCONNECT', () => {
  test('cannot begin when CONNECT had none, whatever the server granted', () => {
    for (const request of [{ sessionExpirySeconds: 0 }, {}]) {
      const given = dialogue().connected({ request, properties: { sessionExpirySeconds: 60 } });
      expect(() => given.disconnect({ reasonCode: 0, properties: { sessionExpirySeconds: 60 } })).toThrow('expiry');
      expect(given.session.isConnected).toBe(true);
      given.disconnect({ reasonCode: 0, properties: { sessionExpirySeconds: 0 } });
      expect(given.ending()).toBe('in order');
    }
  });

  test('may be changed when CONNECT had one, before CONNACK as well', () => {
    const given = dialogue();
    given.connect({ request: { sessionExpirySeconds: 60 } });
    given.disconnect({ reasonCode: 0, properties: { sessionExpirySeconds: 120 } });
    expect(given.ending()).toBe('in order');
  });

  test('of 0 ends the session with the connection', () => {
    const given = dialogue().connected();
    given.disconnect({ reasonCode: 0, properties: { sessionExpirySeconds: 0 } });
    given.resumed();
    expect(given.ending()).toBe('unknown-session');
  });
});

describe('DISCONNECT from the server', () => {
  test('is not answered, and ends the connection with what it said [parity Z34, E9, B8]', () => {
    const given = dialogue().connected();
    given.receive(goodbye(0x8b, { reasonString: 'down', serverReference: 'there', userProperties: [['a', 'b']] }));
    expect(given.said()).toEqual([]);
    expect(given.closed()?.error).toMatchObject({
      code: 'server-disconnect',
      reasonCode: 0x8b,
      reasonString: 'down',
      serverReference: 'there',
      userProperties: [['a', 'b']],
      retryable: true,
    });
  });

  test('[5.0 MQTT-3.1.4-3] with 0x8E is not to be answered by connecting again', () => {
    const given = dialogue().connected();
    given.receive(goodbye(0x8e));
    expect(given.closed()?.error).toMatchObject({ reasonCode: 0x8e, retryable: false });
  });

  test.each([
    [0x00, true],
    [0x04, true],
    [0x81, false],
    [0x82, false],
    [0x87, false],
    [0x8d, true],
    [0x98, true],
    [0x9c, false],
    [0x9d, false],
  ])('with code %i says whether to try again', (reasonCode, retryable) => {
    const given = dialogue().connected();
    given.receive(goodbye(reasonCode));
    expect(given.closed()?.error).toMatchObject({ reasonCode, retryable });
  });

  test('[5.0 MQTT-3.14.0-1] before CONNACK ends the call to connect with its code', () => {
    const given = dialogue();
    const call = given.connect();
    given.receive(goodbye(0x97));
    expect(given.said()).toEqual(['connect']);
    expect(given.settled(call)?.error).toMatchObject({ code: 'server-disconnect', reasonCode: 0x97 });
  });

  test('is the last packet that is heard', () => {
    const given = dialogue().connected();
    const publish = given.publish('a');
    given.receive(goodbye(), puback(1), message());
    expect(given.outcome(publish)).toBe('pending');
    expect(given.delivered()).toEqual([]);
  });
});
