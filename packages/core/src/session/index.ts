export type { CloseEffect, EffectBatch, LostMessage, Notification, Settlement } from './effects.ts';
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
  type ServerLimit,
} from './errors.ts';
export type { Farewell } from './endings.ts';
export type { Acknowledgement, Delivery } from './inbound.ts';
export { legalMoves } from './legal-moves.ts';
export type { ConnectRequest } from './machine.ts';
export type { PublishCommand } from './outbound.ts';
export type { AliasPolicy } from './outbound-message.ts';
export { isRedirect, isRetryable } from './reason-policy.ts';
export type { ServerLimits } from './server-limits.ts';
export type { RestoredSession } from './restored-session.ts';
export { Session, type Agreement, type SessionCounts } from './session.ts';
export type { QueueOptions, SessionOptions, WhenFull, WhenLost } from './session-options.ts';
export type { SubscribeCommand, UnsubscribeCommand } from './subscriptions.ts';
