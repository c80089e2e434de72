import { expect, test } from 'vitest';
import { startBroker, type AuthenticationMechanism, type ExchangeStep } from '../src/index.ts';
import { bytesOf, connect, connectPacket, dial } from './raw-client.ts';

/** The client has to say the letter behind the last one of the challenge; `note` is what goes with a challenge. */
function letters(note: Partial<ExchangeStep> = {}): AuthenticationMechanism {
  return () => {
    let isChallenged = false;
    return {
      next: (data) => {
        const text = new TextDecoder().decode(data);
        if (!isChallenged) {
          isChallenged = true;
          return { ...note, type: 'challenge', data: bytesOf('a') };
        }
        return Promise.resolve(text === 'b' ? { type: 'success', data: bytesOf('c') } : { type: 'failure' });
      },
    };
  };
}

const wish = { properties: { authenticationMethod: 'letters', authenticationData: bytesOf('hello') } };

function answer(text: string, reasonCode = 0x18, authenticationMethod = 'letters') {
  return { type: 'auth', reasonCode, properties: { authenticationMethod, authenticationData: bytesOf(text) } } as const;
}

test('[5.0 MQTT-4.12.0-2, MQTT-4.12.0-5, MQTT-3.15.2-1] a challenge is AUTH 0x18 before CONNACK, and method and last data come with CONNACK', async () => {
  await using broker = await startBroker({ listeners: [], mechanisms: { letters: letters() } });
  const client = await dial(broker);
  client.send(connectPacket(wish));
  expect(await client.next('auth')).toEqual(answer('a'));
  client.send(answer('b'));
  const { reasonCode, properties } = await client.next('connack');
  expect(reasonCode).toBe(0);
  expect(properties).toMatchObject({ authenticationMethod: 'letters', authenticationData: bytesOf('c') });
});

test('[5.0 MQTT-4.12.0-4] a failure before CONNACK is a CONNACK of 0x80 or more, and the connection ends', async () => {
  await using broker = await startBroker({ listeners: [], mechanisms: { letters: letters() } });
  const client = await dial(broker);
  client.send(connectPacket(wish));
  await client.next('auth');
  client.send(answer('wrong'));
  expect(await client.ended()).toMatchObject([{ type: 'connack', reasonCode: 0x87 }]);
});

test.each(['unknown', 'toString', '__proto__'])(
  '[5.0 MQTT-4.12.0-1] the method %s, which nobody knows, gets 0x8C',
  async (method) => {
    await using broker = await startBroker({ listeners: [], mechanisms: { letters: letters() } });
    const client = await dial(broker);
    client.send(connectPacket({ properties: { authenticationMethod: method } }));
    expect(await client.ended()).toMatchObject([{ type: 'connack', reasonCode: 0x8c }]);
  },
);

test('[5.0 MQTT-4.12.0-6] without a method in CONNECT there is no AUTH and no method in CONNACK', async () => {
  await using broker = await startBroker({ listeners: [], mechanisms: { letters: letters() } });
  const client = await dial(broker);
  client.send(connectPacket());
  expect((await client.next('connack')).properties?.authenticationMethod).toBeUndefined();
  client.send(answer('x', 0x19));
  expect(await client.ended()).toMatchObject([{ type: 'disconnect', reasonCode: 0x82 }]);
});

test('[5.0 MQTT-3.15.2-1] a client authenticates again while messages go on', async () => {
  await using broker = await startBroker({ listeners: [], mechanisms: { letters: letters() } });
  const client = await dial(broker);
  client.send(connectPacket(wish));
  await client.next('auth');
  client.send(answer('b'));
  await client.next('connack');
  client.send(answer('again', 0x19));
  expect(await client.next('auth')).toEqual(answer('a'));
  await client.subscribe('a');
  client.send(answer('b'));
  expect(await client.next('auth')).toEqual(answer('c', 0));
});

test.each([
  { title: 'a wrong answer', packets: [answer('again', 0x19), answer('wrong')], reasonCode: 0x87 },
  { title: 'another method', packets: [answer('again', 0x19, 'other')], reasonCode: 0x82 },
  { title: 'an answer that nobody asked for', packets: [answer('b')], reasonCode: 0x82 },
])(
  '[5.0 MQTT-4.12.1-2] $title in a re-authentication ends the connection with $reasonCode',
  async ({ packets, reasonCode }) => {
    await using broker = await startBroker({ listeners: [], mechanisms: { letters: letters() } });
    const client = await dial(broker);
    client.send(connectPacket(wish));
    await client.next('auth');
    client.send(answer('b'));
    await client.next('connack');
    for (const packet of packets) client.send(packet);
    expect((await client.ended()).at(-1)).toMatchObject({ type: 'disconnect', reasonCode });
  },
);

test('[5.0 MQTT-3.15.2-2, MQTT-3.15.2-3] reason string and user properties of AUTH are left out where they make it too large', async () => {
  const note = { reasonString: 'long'.repeat(50), userProperties: [['a', 'b']] } as const;
  await using broker = await startBroker({ listeners: [], mechanisms: { letters: letters(note) } });
  const small = await dial(broker);
  small.send(connectPacket({ properties: { ...wish.properties, maximumPacketBytes: 40 } }));
  expect(await small.next('auth')).toEqual(answer('a'));
  const large = await dial(broker);
  large.send(connectPacket({ ...wish, clientId: 'large' }));
  expect((await large.next('auth')).properties).toMatchObject(note);
});

test('a mechanism that throws refuses with 0x80', async () => {
  await using broker = await startBroker({
    listeners: [],
    onError: () => {},
    mechanisms: {
      early: () => {
        throw new Error('boom');
      },
      late: () => ({ next: () => Promise.reject(new Error('boom')) }),
    },
  });
  for (const authenticationMethod of ['early', 'late']) {
    const client = await dial(broker);
    client.send(connectPacket({ properties: { authenticationMethod } }));
    expect(await client.ended()).toMatchObject([{ type: 'connack', reasonCode: 0x80 }]);
  }
  await connect(broker);
});
