export type { Broker, BrokerMessage, GoAwayOptions, RedirectOptions } from './broker.ts';
export { BrokerClosedError, BrokerOptionError, ListenError } from './broker-errors.ts';
export type { BrokerLimits } from './broker-limits.ts';
export type { AuthenticationRequest, AuthorizationRequest, BrokerOptions, Verdict } from './broker-options.ts';
export type { Counters } from './counters.ts';
export type {
  AuthenticationExchange,
  AuthenticationMechanism,
  ExchangeRequest,
  ExchangeStep,
} from './enhanced-authentication.ts';
export type { DisturbOptions, Faults, RefusablePacket, RefuseOptions } from './faults.ts';
export type { ClientView, RetainedView, SessionView, SubscriptionView } from './inspection.ts';
export type { ListenerOptions, ListenerTls } from './listeners/listener.ts';
export type { Note, Refusal, Refused } from './refusal.ts';
export { startBroker } from './start-broker.ts';
