/** CONNECT, CONNACK, DISCONNECT, AUTH and the pings. */
import type {
  AuthPacket,
  ConnackPacket,
  ConnectPacket,
  DisconnectPacket,
  PingreqPacket,
  PingrespPacket,
  ProtocolVersion,
  Role,
  Will,
} from '@omqtt/codec';
import * as fc from 'fast-check';
import {
  authProperties,
  connackProperties,
  connectProperties,
  disconnectProperties,
  willProperties,
} from './property-arbitraries.ts';
import { reasonCodesOf } from './reason-code-arbitraries.ts';
import { texts } from './text-arbitraries.ts';
import { topicNames } from './topic-arbitraries.ts';
import { binaries, qualities, twoByteIntegers } from './value-arbitraries.ts';
import { withProperties } from './with-properties.ts';

/** Any valid CONNECT. */
export function connectPackets(version: ProtocolVersion): fc.Arbitrary<ConnectPacket> {
  const required = {
    type: fc.constant('connect' as const),
    version: fc.constant(version),
    clientId: texts(),
    cleanStart: fc.boolean(),
    keepAliveSeconds: twoByteIntegers(),
  };
  const optional = { username: texts(), password: binaries(), will: wills(version) };
  const bodies = fc.record(
    { ...required, ...optional },
    { requiredKeys: ['type', 'version', 'clientId', 'cleanStart', 'keepAliveSeconds'], noNullPrototype: true },
  );
  if (version === '3.1.1') return bodies.map(as311);
  return fc.tuple(bodies, connectProperties()).map(([packet, properties]) => withProperties(packet, properties));
}

/** In 3.1.1 a client without an id has a clean session, and a password needs a user name. */
function as311(packet: ConnectPacket): ConnectPacket {
  const { password, ...rest } = packet;
  const named = packet.clientId === '' ? { ...rest, cleanStart: true } : rest;
  return password === undefined || packet.username === undefined ? named : { ...named, password };
}

function wills(version: ProtocolVersion): fc.Arbitrary<Will> {
  const bodies = fc.record(
    { topic: topicNames(), payload: binaries(), qos: qualities(), retain: fc.boolean() },
    { noNullPrototype: true },
  );
  if (version === '3.1.1') return bodies;
  return fc.tuple(bodies, willProperties()).map(([will, properties]) => withProperties(will, properties));
}

/** The return codes of 3.1.1, as the codec names them. */
const returnCodes = [0x00, 0x84, 0x85, 0x88, 0x86, 0x87] as const;

/** Any valid CONNACK. */
export function connackPackets(version: ProtocolVersion): fc.Arbitrary<ConnackPacket> {
  const reasonCodes = version === '3.1.1' ? fc.constantFrom(...returnCodes) : reasonCodesOf('connack', 'server');
  const bodies = fc
    .record(
      { reasonCode: fc.oneof(fc.constant(0), reasonCodes), sessionPresent: fc.boolean() },
      { noNullPrototype: true },
    )
    .map(({ reasonCode, sessionPresent }): ConnackPacket => ({
      type: 'connack',
      // A refusal has no session to report.
      sessionPresent: sessionPresent && reasonCode === 0,
      reasonCode,
    }));
  if (version === '3.1.1') return bodies;
  return fc.tuple(bodies, connackProperties()).map(([packet, properties]) => withProperties(packet, properties));
}

/** Any valid DISCONNECT. */
export function disconnectPackets(version: ProtocolVersion, sender: Role = 'either'): fc.Arbitrary<DisconnectPacket> {
  if (version === '3.1.1') return fc.constant({ type: 'disconnect', reasonCode: 0 });
  return fc
    .tuple(fc.oneof(fc.constant(0), reasonCodesOf('disconnect', sender)), disconnectProperties(sender))
    .map(([reasonCode, properties]) => withProperties({ type: 'disconnect', reasonCode }, properties));
}

/** Only in 5.0. */
export function authPackets(sender: Role = 'either'): fc.Arbitrary<AuthPacket> {
  return fc
    .tuple(reasonCodesOf('auth', sender), authProperties())
    .map(([reasonCode, properties]) => ({ type: 'auth', reasonCode, properties }));
}

/** PINGREQ or PINGRESP, as the sender may send it. */
export function pingPackets(sender: Role = 'either'): fc.Arbitrary<PingreqPacket | PingrespPacket> {
  const pings: (PingreqPacket | PingrespPacket)[] = [];
  if (sender !== 'server') pings.push({ type: 'pingreq' });
  if (sender !== 'client') pings.push({ type: 'pingresp' });
  return fc.constantFrom(...pings);
}
