/** What a broker is started with. */
import type { ConnectPacket, QoS } from '@omqtt/codec';
import type { Clock, ConnectionInfo, Logger } from '@omqtt/contracts';
import { BrokerOptionError } from './broker-errors.ts';
import { changeLimits, type BrokerLimits } from './broker-limits.ts';
import type { AuthenticationMechanism } from './enhanced-authentication.ts';
import type { ListenerOptions } from './listeners/listener.ts';
import { platformClock } from './platform-clock.ts';
import type { Refused } from './refusal.ts';

export interface BrokerOptions {
  /** Default: TCP on 127.0.0.1 and a free port. An empty list leaves only `broker.dial`. */
  readonly listeners?: readonly ListenerOptions[];
  /** What one client, and all together, may take of the broker. Default: generous, see `BrokerLimits`. */
  readonly limits?: Partial<BrokerLimits>;
  /** Asked for each CONNECT without an authentication method. Default: everyone is let in. */
  readonly authenticate?: (request: AuthenticationRequest) => Verdict | Promise<Verdict>;
  /** Asked for each PUBLISH, will and filter of a client. Default: everything is allowed. */
  readonly authorize?: (request: AuthorizationRequest) => Verdict | Promise<Verdict>;
  /** Enhanced authentication (5.0), by method. Default: none, so that every method is refused with 0x8C. */
  readonly mechanisms?: Readonly<Record<string, AuthenticationMechanism>>;
  /** How often the `$SYS` topics are brought up to date; 0: never. Default: 10. */
  readonly sysIntervalSeconds?: number;
  /** Default: the time of the platform. */
  readonly clock?: Clock;
  /** Default: nothing is logged. */
  readonly logger?: Logger;
  /** Hears what a hook threw and what went wrong with a listener; the broker goes on. */
  readonly onError?: (error: unknown) => void;
}

/** `true`: yes. `false`: 0x87 Not authorized, or 0x86 when credentials were judged. A refusal says more. */
export type Verdict = boolean | Refused;

export interface AuthenticationRequest {
  /** Empty when the broker is to choose. */
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: Uint8Array | undefined;
  readonly connect: ConnectPacket;
  readonly info: ConnectionInfo;
}

export interface AuthorizationRequest {
  readonly action: 'publish' | 'subscribe' | 'will';
  readonly clientId: string;
  readonly username: string | undefined;
  /** A topic name, or a filter when subscribing. */
  readonly topic: string;
  readonly qos: QoS;
  readonly retain: boolean;
}

export interface ResolvedOptions extends BrokerOptions {
  readonly listeners: readonly ListenerOptions[];
  readonly limits: BrokerLimits;
  readonly mechanisms: Readonly<Record<string, AuthenticationMechanism>>;
  readonly sysIntervalSeconds: number;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

const names: Readonly<Record<keyof BrokerOptions, true>> = {
  listeners: true,
  limits: true,
  authenticate: true,
  authorize: true,
  mechanisms: true,
  sysIntervalSeconds: true,
  clock: true,
  logger: true,
  onError: true,
};

export function resolveOptions(options: BrokerOptions): ResolvedOptions {
  for (const name of Object.keys(options)) {
    if (!(name in names)) throw new BrokerOptionError(name, 'There is no such option.');
  }
  const { sysIntervalSeconds = 10, logger } = options;
  if (!(sysIntervalSeconds >= 0)) throw new BrokerOptionError('sysIntervalSeconds', 'It is a number of seconds, or 0.');
  return {
    ...options,
    listeners: options.listeners ?? [{ type: 'tcp' }],
    limits: changeLimits(options.limits ?? {}),
    mechanisms: options.mechanisms ?? {},
    sysIntervalSeconds,
    clock: options.clock ?? platformClock,
    onError: options.onError ?? ((error) => logger?.error('The broker goes on after an error', { error })),
  };
}
