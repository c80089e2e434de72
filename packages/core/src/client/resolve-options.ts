/** Applies the defaults, and refuses what makes no sense, once; nothing deeper sees an option that is not there. */
import { validateTopicName, type ProtocolVersion, type Will } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import type { SessionOptions } from '../session/index.ts';
import { InvalidOptionError } from './errors.ts';
import { refuseOptionsOfV5 } from './only-in-v5.ts';
import type { ClientOptions, ReconnectOptions, WillOptions } from './options.ts';
import { systemClock } from './system-clock.ts';
import { toBytes } from './payload.ts';

export interface ResolvedOptions {
  readonly given: ClientOptions;
  readonly version: ProtocolVersion;
  /** Fall back to 3.1.1. */
  readonly mayFallBack: boolean;
  readonly clientId: string;
  readonly cleanStart: boolean;
  readonly keepAliveSeconds: number;
  readonly connectTimeoutMs: number;
  readonly expirySeconds: number;
  readonly will: Will | undefined;
  readonly reconnect: false | (Required<Omit<ReconnectOptions, 'shouldRetry'>> & Pick<ReconnectOptions, 'shouldRetry'>);
  readonly maximumPacketBytes: number;
  readonly session: SessionOptions;
  readonly clock: Clock;
  readonly random: () => number;
}

const LARGEST_PACKET = 268_435_460;
const NEVER_EXPIRES = 0xffff_ffff;

export function resolveOptions(options: ClientOptions): ResolvedOptions {
  checkNames('', options, names);
  checkNames('session.', options.session, sessionNames);
  checkNames('offline.', options.offline, offlineNames);
  if (options.reconnect !== false) checkNames('reconnect.', options.reconnect, reconnectNames);
  const { version = '5.0', session = {}, keepAliveSeconds = 60 } = options;
  if (!['5.0', '3.1.1', 'auto'].includes(version)) {
    throw new InvalidOptionError('version', "is '5.0', '3.1.1' or 'auto'");
  }
  refuseOptionsOfV5(options);
  integer('keepAliveSeconds', keepAliveSeconds, [0, 65_535]);
  const expirySeconds = session.expirySeconds ?? 0;
  integer('session.expirySeconds', expirySeconds, [0, NEVER_EXPIRES]);
  const cleanStart = options.cleanStart ?? (expirySeconds === 0 && session.store === undefined);
  const clientId = options.clientId ?? '';
  if (version !== '5.0' && clientId === '' && !cleanStart) {
    throw new InvalidOptionError('clientId', 'is needed for a session that outlives its connection in 3.1.1');
  }
  const maximumPacketBytes = options.maximumPacketBytes ?? LARGEST_PACKET;
  integer('maximumPacketBytes', maximumPacketBytes, [1, 0xffff_ffff]);
  return {
    given: options,
    version: version === 'auto' ? '5.0' : version,
    mayFallBack: version === 'auto',
    clientId,
    cleanStart,
    keepAliveSeconds,
    connectTimeoutMs: milliseconds('connectTimeoutMs', options.connectTimeoutMs ?? 30_000),
    expirySeconds,
    will: options.will && resolveWill(options.will),
    reconnect: resolveReconnect(options.reconnect),
    maximumPacketBytes,
    session: resolveSession(options),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

function resolveSession({ session = {}, offline = {}, ...options }: ClientOptions): SessionOptions {
  const { receiveMaximum = 1000, topicAliasMaximum = 0, pingTimeoutMs = 10_000 } = options;
  integer('receiveMaximum', receiveMaximum, [1, 65_535]);
  if (options.sendMaximum !== undefined) integer('sendMaximum', options.sendMaximum, [1, 65_535]);
  integer('topicAliasMaximum', topicAliasMaximum, [0, 65_535]);
  const { maxMessages = 100_000, maxBytes = 64 * 1024 * 1024, whenFull = 'wait', qos0 = 'drop' } = offline;
  return {
    receiveMaximum,
    sendMaximum: options.sendMaximum,
    topicAliasMaximum,
    outboundAliases: MOST_ALIASES,
    pingTimeoutMs: milliseconds('pingTimeoutMs', pingTimeoutMs),
    queue: { maxMessages, maxBytes, whenFull, qos0 },
    whenLost: { qos1: session.whenLost?.qos1 ?? 'republish', qos2: session.whenLost?.qos2 ?? 'fail' },
    adopt: session.adopt ?? false,
    persists: session.store !== undefined,
  };
}

/** A server may allow 65 535; the table should stay small. */
const MOST_ALIASES = 1024;

function resolveWill({ topic, payload, qos = 0, retain = false, delaySeconds, properties }: WillOptions): Will {
  validateTopicName(topic);
  const all = { ...properties, ...(delaySeconds !== undefined && { willDelaySeconds: delaySeconds }) };
  return { topic, payload: toBytes(payload), qos, retain, ...(Object.keys(all).length > 0 && { properties: all }) };
}

function resolveReconnect(options: ClientOptions['reconnect']): ResolvedOptions['reconnect'] {
  if (options === false) return false;
  const resolved = {
    initialMs: 500,
    maxMs: 30_000,
    factor: 2,
    jitter: 'full' as const,
    maxAttempts: Infinity,
    initial: false,
    stableMs: 5000,
    ...options,
  };
  milliseconds('reconnect.initialMs', resolved.initialMs);
  milliseconds('reconnect.maxMs', resolved.maxMs);
  if (!(resolved.factor >= 1)) throw new InvalidOptionError('reconnect.factor', 'is at least 1');
  return resolved;
}

function integer(option: string, value: number, [least, most]: readonly [least: number, most: number]): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new InvalidOptionError(option, `is a whole number from ${least} to ${most}, not ${String(value)}`);
  }
}

function milliseconds(option: string, value: number): number {
  if (!(value >= 0)) throw new InvalidOptionError(option, `is a number of milliseconds, not ${String(value)}`);
  return value;
}

// A misspelt option that is silently ignored costs somebody an afternoon.
function checkNames(prefix: string, options: object | undefined, known: ReadonlySet<string>): void {
  for (const name of Object.keys(options ?? {})) {
    if (known.has(name)) continue;
    throw new InvalidOptionError(prefix + name, `does not exist; there are ${[...known].join(', ')}`);
  }
}

const names = new Set(
  (
    'version clientId cleanStart keepAliveSeconds pingTimeoutMs connectTimeoutMs session will credentials auth reconnect ' +
    'followRedirects receiveMaximum sendMaximum maximumPacketBytes topicAliasMaximum properties offline publish tls proxy headers ' +
    'signal logger onPacket clock random'
  ).split(' '),
);
const sessionNames = new Set(['expirySeconds', 'store', 'whenLost', 'adopt']);
const offlineNames = new Set(['maxMessages', 'maxBytes', 'whenFull', 'qos0']);
const reconnectNames = new Set('initialMs maxMs factor jitter maxAttempts initial stableMs shouldRetry'.split(' '));
