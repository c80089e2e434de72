export { authPackets, connackPackets, connectPackets, disconnectPackets, pingPackets } from './connection-packets.ts';
export { acknowledgementPackets, publishPackets } from './message-packets.ts';
export { packetFrom, packets } from './packet-arbitraries.ts';
export { subackPackets, subscribePackets, unsubackPackets, unsubscribePackets } from './subscription-packets.ts';
export { texts } from './text-arbitraries.ts';
export { topicFilters, topicNames } from './topic-arbitraries.ts';
