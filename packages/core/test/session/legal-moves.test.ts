import { MalformedPacketError, type Packet, type PacketType } from '@omqtt/codec';
import { describe, expect, test } from 'vitest';

import { legalMoves } from '../../src/session/index.ts';
import { type Dialogue, dialogue, GivenUp } from './dialogue.ts';
import {
  auth,
  connack,
  goodbye,
  message,
  pingresp,
  puback,
  pubcomp,
  pubrec,
  pubrel,
  suback,
  unsuback,
} from './packets.ts';

const method = { authenticationMethod: 'M' } as const;

/** One packet of each kind, those of clients among them. */
const packets: Readonly<Record<PacketType, Packet>> = {
  connect: { type: 'connect', version: '5.0', clientId: 'x', cleanStart: true, keepAliveSeconds: 0 },
  connack: connack(method),
  publish: message({ qos: 0 }),
  puback: puback(9),
  pubrec: pubrec(9),
  pubrel: pubrel(9),
  pubcomp: pubcomp(9),
  subscribe: { type: 'subscribe', packetId: 1, subscriptions: [] },
  suback: suback(9, 0),
  unsubscribe: { type: 'unsubscribe', packetId: 1, filters: ['a'] },
  unsuback: unsuback(9, 0),
  pingreq: { type: 'pingreq' },
  pingresp,
  disconnect: goodbye(),
  auth: auth(0x18),
};

function connecting(): Dialogue {
  const given = dialogue();
  given.connect({ request: method });
  return given;
}

function verifying(): Dialogue {
  return connecting().receive(connack(method));
}

function connected(): Dialogue {
  const given = verifying();
  given.act(() => given.session.confirmAuthentication(given.now));
  given.act((operation) => given.session.reauthenticate(operation, undefined, given.now));
  return given;
}

const phases = { connecting, verifying, connected } as const;
const cells = Object.entries(phases).flatMap(([phase, given]) =>
  Object.values(packets).map((packet) => ({ phase: phase as keyof typeof phases, given, packet, type: packet.type })),
);

describe('the table of legal moves', () => {
  test.each(cells)(
    '[5.0 MQTT-3.2.0-1, MQTT-3.2.0-2] says of $type while $phase what the session does',
    ({ phase, given: begin, packet }) => {
      const given = begin();
      given.sent();
      given.receive(packet);
      const moves = legalMoves[phase][packet.type];
      const ending = given.ending();
      expect(ending === 'protocol-error').toBe(moves === undefined);
      expect(moves === undefined || moves.includes('closed') || ending === 'open').toBe(true);
    },
  );

  test('has nothing for a connection that ends', () => {
    expect(legalMoves.closing).toEqual({});
  });
});

describe('what cannot be read', () => {
  const malformed = new MalformedPacketError('bad-qos', '5.0', 0);

  test('ends the connection with the reason of the decoder [parity P11]', () => {
    const given = dialogue().connected();
    given.act(() => given.session.fail(malformed, given.now));
    expect(given.said()).toEqual([`disconnect 0x${malformed.reasonCode.toString(16)}`]);
    expect(given.closed()?.error).toBe(malformed);
  });

  test('ends the connection without a word in 3.1.1', () => {
    const given = dialogue().connected({ version: '3.1.1' });
    given.act(() => given.session.fail(malformed, given.now));
    expect(given.said()).toEqual([]);
    expect(given.closed()?.error).toBe(malformed);
  });

  test('ends the connection with 0x80 when there is no finer reason', () => {
    const given = dialogue().connected();
    given.act(() => given.session.fail(new GivenUp(), given.now));
    expect(given.said()).toEqual(['disconnect 0x80']);
  });

  test('ends a handshake [parity B10]', () => {
    const given = dialogue();
    const call = given.connect();
    given.act(() => given.session.fail(malformed, given.now));
    expect(given.settled(call)?.error).toBe(malformed);
  });

  test('does not matter without a connection', () => {
    const given = dialogue();
    given.act(() => given.session.fail(malformed, given.now));
    expect(given.ending()).toBe('open');
  });
});
