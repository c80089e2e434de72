export type { AuthContext, AuthMechanism } from './authentication/mechanism.ts';
export { Client, type ClientCounts, type CloseOptions, type DisconnectOptions } from './client/client.ts';
export type { ConnectionSnapshot } from './client/connection-snapshot.ts';
export {
  AbortedError,
  ClientClosedError,
  DialError,
  InvalidOptionError,
  NoResponderError,
  NotConnectedError,
  StoreFailedError,
  SubscriptionEndedError,
  TimeoutError,
} from './client/errors.ts';
export type { MessageHandler } from './client/handler.ts';
export type { PacketEvent, PacketHook } from './client/hooks.ts';
export type { Message } from './client/message.ts';
export type {
  AttemptContext,
  ClientOptions,
  ClientWiring,
  Credentials,
  ExtraConnectProperties,
  OfflineOptions,
  Provider,
  ReconnectOptions,
  SessionChoices,
  VersionChoice,
  WillOptions,
} from './client/options.ts';
export type { Payload } from './client/payload.ts';
export type { AcceptedMessage, PublishOptions, PublishReceipt } from './client/publishing.ts';
export type { RequestOptions, Responder, RespondOptions } from './client/requests.ts';
export type { Status } from './client/status.ts';
export type { AckPolicy, Grant, SubscribeOptions, Subscription } from './client/subscription.ts';
export { parseUrl, type ParsedUrl } from './client/target.ts';
export type { WaitOptions } from './client/wait-limit.ts';
export {
  AuthenticationError,
  ConnectionLostError,
  ConnectRefusedError,
  InvalidStateError,
  KeepAliveTimeoutError,
  MessageDroppedError,
  MessageExpiredError,
  OnlyInV5Error,
  ProtocolError,
  PublishRefusedError,
  QueueFullError,
  ServerDisconnectError,
  ServerLimitError,
  SessionLostError,
  SubscribeError,
  UnknownSessionError,
  type AliasPolicy,
  type QueueOptions,
  type ServerLimit,
  type ServerLimits,
  type SessionCounts,
  type WhenFull,
  type WhenLost,
} from './session/index.ts';
