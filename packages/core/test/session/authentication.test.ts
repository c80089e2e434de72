import { describe, expect, test } from 'vitest';

import { type Dialogue, dialogue } from './dialogue.ts';
import { auth, bytes, connack, goodbye, message, pingresp, puback, refusal } from './packets.ts';

const withMethod = { request: { authenticationMethod: 'M', authenticationData: bytes(1) } } as const;

/** A connection that was authenticated. */
function authenticated(): Dialogue {
  const given = dialogue();
  given.connect({ ...withMethod, keepAliveSeconds: 10 });
  given.receive(connack({ authenticationMethod: 'M' }));
  given.act(() => given.session.confirmAuthentication(given.now));
  given.sent();
  given.told();
  return given;
}

function reauthenticate(given: Dialogue, data?: Uint8Array): number {
  return given.act((operation) => given.session.reauthenticate(operation, data, given.now));
}

function answer(given: Dialogue, data?: Uint8Array): void {
  given.act(() => given.session.continueAuthentication(data, given.now));
}

function confirm(given: Dialogue): void {
  given.act(() => given.session.confirmAuthentication(given.now));
}

describe('authentication before CONNACK', () => {
  test('[5.0 MQTT-4.12.0-3, MQTT-4.12.0-5] answers each challenge with 0x18, the same method and the data of the mechanism', () => {
    const given = dialogue();
    const call = given.connect(withMethod);
    given.sent();
    given.receive(auth(0x18, 'M', bytes(10)));
    expect(given.told()).toEqual([{ type: 'challenge', data: bytes(10) }]);
    answer(given, bytes(2));
    given.receive(auth(0x18, 'M'));
    expect(given.told()).toEqual([{ type: 'challenge', data: undefined }]);
    answer(given);
    expect(given.sent()).toEqual([auth(0x18, 'M', bytes(2)), auth(0x18, 'M')]);
    expect(given.outcome(call)).toBe('pending');
  });

  test('[5.0 MQTT-3.1.2-30] lets nothing but AUTH and DISCONNECT leave', () => {
    const given = dialogue();
    given.connect({ ...withMethod, keepAliveSeconds: 1 });
    given.sent();
    given.publish('a');
    given.publish('b', { qos: 0 });
    given.subscribe('c');
    given.ping();
    given.receive(auth(0x18)).pass(60_000);
    answer(given);
    given.publish('d');
    given.disconnect({ reasonCode: 4 });
    expect(given.said()).toEqual(['auth 0x18', 'disconnect 0x4']);
  });

  test('waits with everything until the proof in CONNACK is found sound', () => {
    const given = dialogue();
    const publish = given.publish('a');
    const call = given.connect(withMethod);
    given.sent();
    given.receive(connack({ authenticationMethod: 'M', authenticationData: bytes(7) }), message({ topic: 'early' }));
    expect(given.told()).toEqual([{ type: 'authenticated', data: bytes(7) }]);
    expect(given.said()).toEqual([]);
    expect(given.delivered()).toEqual([]);
    expect(given.outcome(call)).toBe('pending');
    confirm(given);
    expect(given.outcome(call)).toBe('ok');
    expect(given.said()).toEqual(['publish 1 a']);
    expect(given.delivered()).toMatchObject([{ message: { topic: 'early' } }]);
    given.receive(puback(1));
    expect(given.outcome(publish)).toBe('ok');
  });

  test('ends the connection when the proof of the server is not sound', () => {
    const given = dialogue();
    const call = given.connect(withMethod);
    given.sent();
    given.receive(connack({ authenticationMethod: 'M' }), message());
    given.act(() => given.session.failAuthentication(new Error('forged'), given.now));
    expect(given.said()).toEqual(['disconnect 0x80']);
    expect(given.outcome(call)).toBe('authentication-failed');
    expect(given.settled(call)?.error?.cause).toEqual(new Error('forged'));
    expect(given.delivered()).toEqual([]);
  });

  test('is over when the server says goodbye while its proof is looked at', () => {
    const given = dialogue();
    const call = given.connect(withMethod);
    given.receive(connack({ authenticationMethod: 'M' }), goodbye(0x8b));
    expect(given.outcome(call)).toBe('server-disconnect');
    confirm(given);
    expect(given.session.isConnected).toBe(false);
  });

  test('[5.0 MQTT-4.12.0-3] ends the connection when the mechanism gives up', () => {
    const given = dialogue();
    const call = given.connect(withMethod);
    given.receive(auth(0x18));
    given.act(() => given.session.failAuthentication('no', given.now));
    expect(given.said()).toEqual(['connect', 'disconnect 0x80']);
    expect(given.outcome(call)).toBe('authentication-failed');
    expect(given.ending()).toBe('authentication-failed');
  });

  test.each([
    ['a method that the server does not support', 0x8c],
    ['a refusal in the middle', 0x87],
  ] as const)('[5.0 MQTT-4.12.0-1, MQTT-4.12.0-4] %s ends it with the code of the server', (_, reasonCode) => {
    const given = dialogue();
    const call = given.connect(withMethod);
    given.receive(auth(0x18));
    answer(given);
    given.receive(refusal(reasonCode));
    expect(given.settled(call)?.error).toMatchObject({ code: 'connect-refused', reasonCode, retryable: false });
  });

  test.each([
    ['AUTH 0x00', withMethod, auth(0)],
    ['AUTH with another method', withMethod, auth(0x18, 'N')],
    ['CONNACK with another method', withMethod, connack({ authenticationMethod: 'N' })],
    ['CONNACK without a method', withMethod, connack()],
    ['AUTH that was not asked for', {}, auth(0x18)],
    ['CONNACK with a method that was not asked for', {}, connack({ authenticationMethod: 'M' })],
  ])('[5.0 MQTT-4.12.0-2, MQTT-4.12.0-5, MQTT-4.12.0-6, MQTT-3.2.0-1] %s is a protocol error', (_, opening, packet) => {
    const given = dialogue();
    const call = given.connect(opening);
    given.sent();
    given.receive(packet);
    expect(given.said()).toEqual(['disconnect 0x82']);
    expect(given.outcome(call)).toBe('protocol-error');
    expect(given.told()).toEqual([]);
  });
});

describe('re-authentication', () => {
  test('[5.0 MQTT-4.12.1-1, MQTT-4.12.0-5] is AUTH 0x19 with the method of CONNECT, and other traffic goes on', () => {
    const given = authenticated();
    const again = reauthenticate(given, bytes(3));
    const publish = given.publish('a');
    given.receive(auth(0x18), message({ topic: 'b' }), puback(1));
    answer(given, bytes(4));
    given.acknowledge(given.delivered()[0]);
    expect(given.sent().map(({ type }) => type)).toEqual(['auth', 'publish', 'auth', 'puback']);
    expect(given.outcome(publish)).toBe('ok');
    given.receive(auth(0, 'M', bytes(5)));
    expect(given.told()).toEqual([
      { type: 'challenge', data: undefined },
      { type: 'authenticated', data: bytes(5) },
    ]);
    expect(given.outcome(again)).toBe('pending');
    confirm(given);
    expect(given.outcome(again)).toBe('ok');
  });

  test('[5.0 MQTT-4.12.1-1] sends the method and the data that it begins with', () => {
    const given = authenticated();
    reauthenticate(given, bytes(3));
    expect(given.sent()).toEqual([auth(0x19, 'M', bytes(3))]);
  });

  test('[5.0 MQTT-4.12.1-1] is refused before CONNACK, and while there is no connection', () => {
    const given = dialogue();
    expect(() => reauthenticate(given)).toThrow('no connection');
    given.connect(withMethod);
    expect(() => reauthenticate(given)).toThrow('no connection');
    given.receive(connack({ authenticationMethod: 'M' }));
    expect(() => reauthenticate(given)).toThrow('no connection');
  });

  test('[5.0 MQTT-4.12.0-7] is refused on a connection without a method, 3.1.1 among them', () => {
    expect(() => reauthenticate(dialogue().connected())).toThrow('MQTT-4.12.0-7');
    expect(() => reauthenticate(dialogue().connected({ version: '3.1.1' }))).toThrow('MQTT-4.12.0-7');
  });

  test('is refused while another one is under way', () => {
    const given = authenticated();
    reauthenticate(given);
    expect(() => reauthenticate(given)).toThrow('under way');
    given.receive(auth(0));
    confirm(given);
    reauthenticate(given);
  });

  test('[5.0 MQTT-4.12.1-2] ends the connection when the mechanism gives up', () => {
    const given = authenticated();
    const again = reauthenticate(given);
    given.receive(auth(0x18));
    given.act(() => given.session.failAuthentication('no', given.now));
    expect(given.said()).toEqual(['auth 0x19', 'disconnect 0x80']);
    const closed = given.closed();
    expect(closed?.error?.code).toBe('authentication-failed');
    given.lost(closed?.error);
    expect(given.outcome(again)).toBe('authentication-failed');
  });

  test('fails with the connection', () => {
    const given = authenticated();
    const again = reauthenticate(given);
    given.receive(auth(0));
    given.disconnect();
    confirm(given);
    given.lost();
    expect(given.outcome(again)).toBe('connection-lost');
  });

  test('that was not asked for is a protocol error [parity E44]', () => {
    const given = authenticated();
    given.receive(auth(0x18));
    expect(given.said()).toEqual(['disconnect 0x82']);
    expect(given.told()).toEqual([]);
  });

  test('[5.0 MQTT-4.12.0-5] with another method is a protocol error [parity Z33, E44]', () => {
    const given = authenticated();
    reauthenticate(given);
    given.sent();
    given.receive(auth(0x18, 'N'));
    expect(given.said()).toEqual(['disconnect 0x82']);
  });

  test('does not stop the keep-alive', () => {
    const given = authenticated();
    reauthenticate(given);
    given.pass(10_000);
    expect(given.said()).toEqual(['auth 0x19', 'pingreq']);
    given.receive(pingresp);
  });
});

describe('an answer of the mechanism that comes too late', () => {
  test('[5.0 MQTT-3.14.4-1] is not sent after DISCONNECT', () => {
    const given = dialogue();
    given.connect(withMethod);
    given.receive(auth(0x18));
    given.disconnect();
    given.act(() => given.session.continueAuthentication(bytes(2), given.now));
    given.act(() => given.session.failAuthentication('no', given.now));
    expect(given.said()).toEqual(['connect', 'disconnect']);
    expect(given.ending()).toBe('in order');
  });

  test('[5.0 MQTT-4.12.0-7] is not sent when there is nothing to authenticate', () => {
    const given = dialogue().connected();
    given.act(() => given.session.continueAuthentication(bytes(2), given.now));
    given.lost().connect();
    given.sent();
    given.act(() => given.session.continueAuthentication(bytes(2), given.now));
    expect(given.said()).toEqual([]);
  });

  test('does not end a connection that has no authentication under way', () => {
    const given = dialogue();
    given.connect(withMethod);
    given.receive(connack({ authenticationMethod: 'M' }));
    given.act(() => given.session.confirmAuthentication(given.now));
    given.sent();
    given.act(() => given.session.continueAuthentication(bytes(2), given.now));
    given.act(() => given.session.failAuthentication('no', given.now));
    expect(given.said()).toEqual([]);
    expect(given.ending()).toBe('open');
  });
});
