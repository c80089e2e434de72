/** Applies the defaults, and refuses what makes no sense, once; nothing deeper sees an option that is not there. */
import { type ConnectProperties, validateTopicName, type ProtocolVersion, type Will } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import { OnlyInV5Error, type SessionOptions } from '../session/index.ts';
import { InvalidOptionError } from './errors.ts';
import { checkCredentials, checkOptions, checkPacket, type OptionRules } from './option-checks.ts';
import type { ClientOptions, ReconnectOptions, WillOptions } from './options.ts';
import { toBytes } from './payload.ts';
import { checkProperties } from './publish-message.ts';
import { systemClock, unrefClock } from './system-clock.ts';

export type ResolvedReconnect = Required<Omit<ReconnectOptions, 'shouldRetry'>> & Pick<ReconnectOptions, 'shouldRetry'>;

export interface ResolvedOptions {
  /** A copy, so that nobody changes it later. */
  readonly given: ClientOptions;
  readonly version: ProtocolVersion;
  /** Fall back to 3.1.1. */
  readonly mayFallBack: boolean;
  /** The client speaks 5.0, or begins with it. */
  readonly isV5: boolean;
  readonly clientId: string;
  readonly cleanStart: boolean;
  readonly keepAliveSeconds: number;
  readonly connectTimeoutMs: number;
  readonly expirySeconds: number;
  readonly will: Will | undefined;
  readonly reconnect: false | ResolvedReconnect;
  readonly maximumPacketBytes: number;
  readonly filterPrefixes: readonly string[];
  readonly maxRequests: number;
  readonly session: SessionOptions;
  readonly clock: Clock;
  readonly random: () => number;
}

const LARGEST_PACKET = 268_435_460;
const NEVER_EXPIRES = 0xffff_ffff;

export function resolveOptions(options: ClientOptions): ResolvedOptions {
  checkOptions(options, rules);
  const { version = '5.0', session = {}, keepAliveSeconds = 60, clientId = '' } = options;
  const { connectTimeoutMs = 30_000, maximumPacketBytes = LARGEST_PACKET, maxRequests = 1000 } = options;
  const expirySeconds = session.expirySeconds ?? 0;
  const cleanStart = options.cleanStart ?? (expirySeconds === 0 && session.store === undefined);
  if (version === '3.1.1') refuseV5(options);
  if (version !== '5.0' && clientId === '' && !cleanStart) {
    throw new InvalidOptionError('clientId', 'is needed for a session that outlives its connection in 3.1.1');
  }
  if (options.publish?.properties !== undefined) checkProperties(options.publish.properties);
  if (typeof options.credentials === 'object') checkCredentials(options.credentials);
  const will = options.will && resolveWill(options.will);
  checkConnect(clientId, will, typeof options.properties === 'object' ? options.properties : undefined);
  return {
    given: { ...options },
    version: version === 'auto' ? '5.0' : version,
    mayFallBack: version === 'auto',
    isV5: version !== '3.1.1',
    clientId,
    cleanStart,
    keepAliveSeconds,
    connectTimeoutMs,
    expirySeconds,
    will,
    reconnect: resolveReconnect(options.reconnect),
    maximumPacketBytes,
    filterPrefixes: resolvePrefixes(options.filterPrefixes),
    maxRequests,
    session: resolveSession(options),
    clock: options.clock ?? (options.unref === true ? unrefClock : systemClock),
    random: options.random ?? Math.random,
  };
}

function resolveSession({ session = {}, offline = {}, ...options }: ClientOptions): SessionOptions {
  const { receiveMaximum = 1000, sendMaximum, topicAliasMaximum = 0, pingTimeoutMs = 10_000 } = options;
  const { maxMessages = 100_000, maxBytes = 64 * 1024 * 1024, whenFull = 'wait', qos0 = 'drop' } = offline;
  const whenLost = { qos1: session.whenLost?.qos1 ?? 'republish', qos2: session.whenLost?.qos2 ?? 'fail' } as const;
  return {
    receiveMaximum,
    sendMaximum,
    topicAliasMaximum,
    outboundAliases: MOST_ALIASES,
    pingTimeoutMs,
    queue: { maxMessages, maxBytes, whenFull, qos0 },
    whenLost,
    adopt: session.adopt ?? false,
    persists: session.store !== undefined,
  };
}

function resolvePrefixes(prefixes: ClientOptions['filterPrefixes'] = ['$queue/', '$exclusive/']): readonly string[] {
  // The letters of a text are no prefixes either.
  const list = Array.from(prefixes);
  if (list.every((prefix) => /.\/$/.test(prefix))) return list;
  throw new InvalidOptionError('filterPrefixes', 'is a list of texts that end with a slash');
}

/** A server may allow 65 535; the table should stay small. */
const MOST_ALIASES = 1024;

// What 3.1.1 cannot say is refused now, rather than left out without a word.
function refuseV5(options: ClientOptions): void {
  const { auth, properties, will, publish, session, followRedirects, topicAliasMaximum } = options;
  const only = {
    auth,
    properties,
    'will.delaySeconds': will?.delaySeconds,
    'will.properties': will?.properties,
    'publish.properties': publish?.properties,
    'session.undeclared': session?.undeclared === 'refuse' ? session.undeclared : undefined,
    'session.expirySeconds': session?.expirySeconds === 0 ? undefined : session?.expirySeconds,
    followRedirects,
    topicAliasMaximum,
  };
  for (const [name, value] of Object.entries(only)) {
    if (value !== undefined) throw new OnlyInV5Error(`option \`${name}\``);
  }
}

function resolveWill(options: WillOptions): Will {
  const { topic, payload, qos = 0, retain = false, delaySeconds, properties } = options;
  validateTopicName(topic);
  const all = { ...properties, ...(delaySeconds !== undefined && { willDelaySeconds: delaySeconds }) };
  return { topic, payload: toBytes(payload), qos, retain, ...(Object.keys(all).length > 0 && { properties: all }) };
}

// Found out now rather than at every attempt.
function checkConnect(clientId: string, will: Will | undefined, properties: ConnectProperties | undefined): void {
  checkPacket({
    type: 'connect',
    version: '5.0',
    clientId,
    cleanStart: true,
    keepAliveSeconds: 0,
    ...(will && { will }),
    ...(properties && { properties }),
  });
}

function resolveReconnect(options: ClientOptions['reconnect']): ResolvedOptions['reconnect'] {
  if (options === false) return false;
  const { initialMs = 500, maxMs = 30_000, factor = 2, jitter = 'full', maxAttempts = Infinity } = options ?? {};
  const { initial = false, stableMs = 5000, shouldRetry } = options ?? {};
  if (!(factor >= 1)) throw new InvalidOptionError('reconnect.factor', 'is at least 1');
  return { initialMs, maxMs, factor, jitter, maxAttempts, initial, stableMs, ...(shouldRetry && { shouldRetry }) };
}

const rules: OptionRules = {
  version: ['5.0', '3.1.1', 'auto'],
  clientId: 'anything',
  cleanStart: 'anything',
  keepAliveSeconds: [0, 65_535],
  pingTimeoutMs: 'milliseconds',
  connectTimeoutMs: 'milliseconds',
  session: {
    expirySeconds: [0, NEVER_EXPIRES],
    store: 'anything',
    whenLost: { qos1: ['republish', 'fail'], qos2: ['republish', 'fail'] },
    adopt: 'anything',
    undeclared: ['end', 'refuse'],
  },
  will: {
    topic: 'anything',
    payload: 'anything',
    qos: 'anything',
    retain: 'anything',
    delaySeconds: 'anything',
    properties: 'anything',
  },
  credentials: 'anything',
  auth: 'anything',
  reconnect: {
    initialMs: 'milliseconds',
    maxMs: 'milliseconds',
    factor: 'anything',
    jitter: ['full', 'none'],
    maxAttempts: [0, Infinity],
    initial: 'anything',
    stableMs: 'milliseconds',
    shouldRetry: 'anything',
  },
  followRedirects: 'anything',
  receiveMaximum: [1, 65_535],
  sendMaximum: [1, 65_535],
  maximumPacketBytes: [1, NEVER_EXPIRES],
  topicAliasMaximum: [0, 65_535],
  properties: 'anything',
  offline: {
    maxMessages: [0, Infinity],
    maxBytes: [0, Infinity],
    whenFull: ['wait', 'reject', 'drop-oldest', 'drop-newest', 'latest-per-topic'],
    qos0: ['drop', 'queue'],
  },
  publish: { properties: 'anything' },
  filterPrefixes: 'anything',
  maxRequests: [1, Infinity],
  tls: 'anything',
  proxy: 'anything',
  localAddress: 'anything',
  headers: 'anything',
  signal: 'anything',
  logger: 'anything',
  onPacket: 'anything',
  onMessageLost: 'anything',
  unref: 'anything',
  clock: 'anything',
  random: 'anything',
};
