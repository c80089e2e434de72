/** How sockets are opened. */
import type { LookupFunction } from 'node:net';
import type { TlsOptions } from '@omqtt/contracts';
import { invalidTarget } from './socket-error.ts';

export interface SocketOptions {
  /** Sends small packets at once instead of collecting them (TCP_NODELAY). Default: true. */
  readonly noDelay?: boolean;
  /** After this silence the system probes whether the peer still exists; 0: never, MQTT has its own. Default: 0. */
  readonly keepAliveSeconds?: number;
  /** How long one address of a name may take before the next one is tried. The last one has no such limit. Default: 1000. */
  readonly attemptTimeoutMs?: number;
  /** Resolves names instead of the system. */
  readonly lookup?: LookupFunction;
  /** `http://[user:password@]host:port`, `https://…` or `socks5://…`, which resolves the name of the target itself. */
  readonly proxy?: string;
  /** How an `https:` proxy is trusted; not used for the target. */
  readonly proxyTls?: TlsOptions;
  /** Whether HTTPS_PROXY, ALL_PROXY and NO_PROXY count when no proxy is named. Default: false. */
  readonly proxyFromEnvironment?: boolean;
}

export type ResolvedSocketOptions = SocketOptions &
  Required<Pick<SocketOptions, 'noDelay' | 'keepAliveSeconds' | 'attemptTimeoutMs' | 'proxyFromEnvironment'>>;

const known: Readonly<Record<keyof SocketOptions, true>> = {
  noDelay: true,
  keepAliveSeconds: true,
  attemptTimeoutMs: true,
  lookup: true,
  proxy: true,
  proxyTls: true,
  proxyFromEnvironment: true,
};

/** Fills in the defaults. Throws a `SocketError` for what is unknown or out of range. */
export function resolveSocketOptions(options: SocketOptions): ResolvedSocketOptions {
  refuseUnknown('option', options, known);
  const { noDelay = true, keepAliveSeconds = 0, attemptTimeoutMs = 1000, proxyFromEnvironment = false } = options;
  checkRange('keepAliveSeconds', keepAliveSeconds, 0);
  // The least that Node takes.
  checkRange('attemptTimeoutMs', attemptTimeoutMs, 10);
  return { ...options, noDelay, keepAliveSeconds, attemptTimeoutMs, proxyFromEnvironment };
}

/** A misspelt option would silently change nothing, which is bad where it is about trust. */
export function refuseUnknown(kind: string, given: object, names: Readonly<Record<string, true>>): void {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(names, name));
  if (unknown.length === 0) return;
  throw invalidTarget(`There is no ${kind} ${unknown.join(', ')}. There are ${Object.keys(names).join(', ')}.`);
}

export function checkRange(name: string, value: number, least: number): void {
  // Timers of Node take 31 bits, and so do socket options in seconds.
  if (Number.isInteger(value) && value >= least && value <= 0x7f_ff_ff_ff) return;
  throw invalidTarget(`${name} has to be a whole number of at least ${least}, not ${value}.`);
}
