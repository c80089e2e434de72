export type { Clock } from './clock.ts';
export type { LogFacts, Logger } from './logger.ts';
export type {
  OutboundStage,
  SessionStore,
  StoreChange,
  StoredMessage,
  StoredSession,
  StoredSubscription,
  StoreError,
} from './session-store.ts';
export type {
  Connection,
  ConnectionInfo,
  ConnectionSink,
  Dial,
  DialPhase,
  Target,
  TlsInfo,
  TlsOptions,
  TransportError,
  TransportErrorCode,
} from './transport.ts';
