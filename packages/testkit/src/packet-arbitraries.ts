/** Arbitraries for whole packets of every type. */
import type { Packet, ProtocolVersion, Role, Side } from '@omqtt/codec';
import * as fc from 'fast-check';
import { authPackets, connackPackets, connectPackets, disconnectPackets, pingPackets } from './connection-packets.ts';
import { acknowledgementPackets, publishPackets } from './message-packets.ts';
import { subackPackets, subscribePackets, unsubackPackets, unsubscribePackets } from './subscription-packets.ts';

/**
 * Valid packets of all types, whoever sends them. They are in the form in which `decode` returns them: without
 * `undefined` members, without empty lists of user properties, and with `properties` only where there are any.
 */
export function packets(version: ProtocolVersion): fc.Arbitrary<Packet> {
  const everybody = [...eitherSends(version, 'either'), ...clientSends(version), ...serverSends(version)];
  return fc.oneof(...everybody, ...disconnects(version, 'either'), pingPackets('either'));
}

/** Valid packets that this side may send, with the reason codes and properties that this side may use. */
export function packetFrom(version: ProtocolVersion, side: Side): fc.Arbitrary<Packet> {
  const ownPackets: fc.Arbitrary<Packet>[] = side === 'client' ? clientSends(version) : serverSends(version);
  return fc.oneof(...ownPackets, ...eitherSends(version, side), ...disconnects(version, side), pingPackets(side));
}

function clientSends(version: ProtocolVersion): fc.Arbitrary<Packet>[] {
  return [connectPackets(version), subscribePackets(version), unsubscribePackets(version)];
}

function serverSends(version: ProtocolVersion): fc.Arbitrary<Packet>[] {
  return [connackPackets(version), subackPackets(version), unsubackPackets(version)];
}

function eitherSends(version: ProtocolVersion, sender: Role): fc.Arbitrary<Packet>[] {
  const ofBoth: fc.Arbitrary<Packet>[] = [
    publishPackets(version, sender),
    acknowledgementPackets('puback', version, sender),
    acknowledgementPackets('pubrec', version, sender),
    acknowledgementPackets('pubrel', version, sender),
    acknowledgementPackets('pubcomp', version, sender),
  ];
  return version === '5.0' ? [...ofBoth, authPackets(sender)] : ofBoth;
}

// A server of 3.1.1 has no DISCONNECT: it closes the connection and says nothing.
function disconnects(version: ProtocolVersion, sender: Role): fc.Arbitrary<Packet>[] {
  return version === '3.1.1' && sender === 'server' ? [] : [disconnectPackets(version, sender)];
}
