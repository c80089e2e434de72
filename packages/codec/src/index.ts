export {
  InvalidPacketError,
  InvalidTopicError,
  MalformedPacketError,
  MqttError,
  PacketTooLargeError,
} from './errors.ts';
export { problemFacts, type Problem, type ProblemFacts } from './problems.ts';
export { isFailure, mayCarry, reasonName, type Side } from './reason-codes.ts';
export { propertyTable, type PropertyCarrier, type PropertyFacts, type PropertyKind } from './property-table.ts';
export type {
  AckProperties,
  AuthProperties,
  ConnackProperties,
  ConnectProperties,
  DisconnectProperties,
  PublishProperties,
  SubscribeProperties,
  UnsubscribeProperties,
  UserProperty,
  WillProperties,
} from './properties.ts';
export { packetTypes, type PacketTypeFacts } from './packet-types.ts';
export type {
  AcknowledgementPacket,
  AuthPacket,
  ConnackPacket,
  ConnectPacket,
  DisconnectPacket,
  Packet,
  PacketType,
  PingreqPacket,
  PingrespPacket,
  ProtocolVersion,
  PubackPacket,
  PubcompPacket,
  PublishPacket,
  PubrecPacket,
  PubrelPacket,
  QoS,
  RetainHandling,
  SubackPacket,
  SubscribePacket,
  SubscriptionRequest,
  UnsubackPacket,
  UnsubscribePacket,
  Will,
} from './packet.ts';
export type { Role } from './packet-reader.ts';
export { encode, type EncodeOptions } from './encode.ts';
export { PacketEncoder, type PacketEncoderOptions } from './packet-encoder.ts';
export { decode, type DecodeOptions } from './decode.ts';
export { PacketStream, type PacketStreamOptions } from './packet-stream.ts';
export { parseSharedFilter, validateTopicFilter, type SharedFilter } from './topic-filter.ts';
export { topicMatches } from './topic-matches.ts';
export { validateTopicName } from './topic-name.ts';
export { TopicRouter } from './topic-router.ts';
