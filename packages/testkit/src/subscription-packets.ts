/** SUBSCRIBE, UNSUBSCRIBE and what answers them. */
import type {
  ProtocolVersion,
  RetainHandling,
  SubackPacket,
  SubscribePacket,
  SubscriptionRequest,
  UnsubackPacket,
  UnsubscribePacket,
} from '@omqtt/codec';
import * as fc from 'fast-check';
import { ackProperties, subscribeProperties, unsubscribeProperties } from './property-arbitraries.ts';
import { reasonCodesOf } from './reason-code-arbitraries.ts';
import { topicFilters } from './topic-arbitraries.ts';
import { packetIds, qualities } from './value-arbitraries.ts';
import { withProperties } from './with-properties.ts';

/** Any valid SUBSCRIBE. */
export function subscribePackets(version: ProtocolVersion): fc.Arbitrary<SubscribePacket> {
  const bodies = fc
    .tuple(packetIds(), fc.array(subscriptionRequests(version), { minLength: 1, maxLength: 4 }))
    .map(([packetId, subscriptions]): SubscribePacket => ({ type: 'subscribe', packetId, subscriptions }));
  if (version === '3.1.1') return bodies;
  return fc.tuple(bodies, subscribeProperties()).map(([packet, properties]) => withProperties(packet, properties));
}

function subscriptionRequests(version: ProtocolVersion): fc.Arbitrary<SubscriptionRequest> {
  const requests = fc.tuple(topicFilters(version), qualities());
  if (version === '3.1.1') {
    return requests.map(([filter, qos]) => ({
      filter,
      qos,
      noLocal: false,
      retainAsPublished: false,
      retainHandling: 0,
    }));
  }
  const options = fc.tuple(fc.boolean(), fc.boolean(), fc.constantFrom<RetainHandling>(0, 1, 2));
  return fc.tuple(requests, options).map(([[filter, qos], [noLocal, retainAsPublished, retainHandling]]) => {
    // No Local has no meaning where a message goes to one member of a group.
    return { filter, qos, noLocal: noLocal && !filter.startsWith('$share/'), retainAsPublished, retainHandling };
  });
}

/** Any valid SUBACK. */
export function subackPackets(version: ProtocolVersion): fc.Arbitrary<SubackPacket> {
  const codes = version === '3.1.1' ? fc.constantFrom(0x00, 0x01, 0x02, 0x80) : reasonCodesOf('suback', 'server');
  const bodies = fc
    .tuple(packetIds(), fc.array(codes, { minLength: 1, maxLength: 8 }))
    .map(([packetId, reasonCodes]): SubackPacket => ({ type: 'suback', packetId, reasonCodes }));
  if (version === '3.1.1') return bodies;
  return fc.tuple(bodies, ackProperties()).map(([packet, properties]) => withProperties(packet, properties));
}

/** Any valid UNSUBSCRIBE. */
export function unsubscribePackets(version: ProtocolVersion): fc.Arbitrary<UnsubscribePacket> {
  const bodies = fc
    .tuple(packetIds(), fc.array(topicFilters(version), { minLength: 1, maxLength: 4 }))
    .map(([packetId, filters]): UnsubscribePacket => ({ type: 'unsubscribe', packetId, filters }));
  if (version === '3.1.1') return bodies;
  return fc.tuple(bodies, unsubscribeProperties()).map(([packet, properties]) => withProperties(packet, properties));
}

/** Any valid UNSUBACK. */
export function unsubackPackets(version: ProtocolVersion): fc.Arbitrary<UnsubackPacket> {
  // In 3.1.1 it says only that the request was heard.
  if (version === '3.1.1') {
    return packetIds().map((packetId) => ({ type: 'unsuback', packetId, reasonCodes: [] }));
  }
  const codes = fc.array(reasonCodesOf('unsuback', 'server'), { minLength: 1, maxLength: 8 });
  return fc
    .tuple(packetIds(), codes, ackProperties())
    .map(([packetId, reasonCodes, some]) => withProperties({ type: 'unsuback', packetId, reasonCodes }, some));
}
