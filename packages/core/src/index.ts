export type { AuthContext, AuthMechanism } from './authentication/mechanism.ts';
export { AuthMechanismError } from './authentication/mechanism-error.ts';
export { scramSha1, scramSha256, scramSha512, type ScramOptions } from './authentication/scram.ts';
export { tokenAuth, type IssuedToken, type TokenOptions } from './authentication/token.ts';
export type { PublishCallback } from './client/called-back.ts';
export { Client } from './client/client.ts';
export type { ClientCounts } from './client/client-counts.ts';
export type { ConnectionSnapshot } from './client/connection-snapshot.ts';
export type { CloseOptions, DisconnectOptions } from './client/ending.ts';
export {
  AbortedError,
  ClientClosedError,
  ContestedClientIdError,
  DialError,
  InvalidOptionError,
  NoResponderError,
  NotConnectedError,
  StoreFailedError,
  SubscriptionEndedError,
  TimeoutError,
  TooManyRequestsError,
  UndeclaredMessagesError,
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
export type { PublishOptions } from './client/publish-message.ts';
export type { PublishReceipt } from './client/publish-receipt.ts';
export type { AcceptedMessage } from './client/publishing.ts';
export type { RequestOptions, Responder, RespondOptions } from './client/requests.ts';
export type { AttemptPhase, Status } from './client/status.ts';
export type { AckPolicy, SubscribeOptions } from './client/subscribe-options.ts';
export type { Grant, Subscription } from './client/subscription.ts';
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
  MessageKeptError,
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
  type LostMessage,
  type QueueOptions,
  type ServerLimit,
  type ServerLimits,
  type SessionCounts,
  type WhenFull,
  type WhenLost,
} from './session/index.ts';
