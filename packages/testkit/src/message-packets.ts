/** PUBLISH and what answers it. */
import type { AcknowledgementPacket, ProtocolVersion, PublishPacket, Role } from '@omqtt/codec';
import * as fc from 'fast-check';
import { ackProperties, publishProperties } from './property-arbitraries.ts';
import { reasonCodesOf } from './reason-code-arbitraries.ts';
import { topicNames } from './topic-arbitraries.ts';
import { packetIds, payloads, qualities } from './value-arbitraries.ts';
import { withProperties } from './with-properties.ts';

/** Any valid PUBLISH. */
export function publishPackets(version: ProtocolVersion, sender: Role = 'either'): fc.Arbitrary<PublishPacket> {
  const bodies = fc
    .tuple(topicNames(), payloads(), qualities(), fc.boolean(), fc.boolean(), packetIds())
    .map(([topic, payload, qos, retain, dup, packetId]): PublishPacket => {
      if (qos === 0) return { type: 'publish', topic, payload, qos, retain, dup: false };
      return { type: 'publish', topic, payload, qos, retain, dup, packetId };
    });
  if (version === '3.1.1') return bodies;
  return fc.tuple(bodies, publishProperties(sender), fc.boolean()).map(([packet, properties, isHidden]) => {
    // A topic alias stands for the topic, which may then be left out.
    const topic = isHidden && properties?.topicAlias !== undefined ? '' : packet.topic;
    return withProperties({ ...packet, topic }, properties);
  });
}

/** PUBACK, PUBREC, PUBREL or PUBCOMP. */
export function acknowledgementPackets<Type extends AcknowledgementPacket['type']>(
  type: Type,
  version: ProtocolVersion,
  sender: Role = 'either',
): fc.Arbitrary<Extract<AcknowledgementPacket, { type: Type }>> {
  const reasonCodes = version === '3.1.1' ? fc.constant(0) : fc.oneof(fc.constant(0), reasonCodesOf(type, sender));
  const properties = version === '3.1.1' ? fc.constant(undefined) : ackProperties();
  return fc.tuple(packetIds(), reasonCodes, properties).map(
    ([packetId, reasonCode, some]) =>
      // The four differ in `type` alone, which the compiler cannot follow through a type parameter.
      withProperties({ type, packetId, reasonCode }, some) as unknown as Extract<AcknowledgementPacket, { type: Type }>,
  );
}
