/** The JSON Schema of the configuration, with every default. */

import { accessSchema } from './access-schema.ts';

const text = { type: 'string' } as const;
const bytes = (value: number): object => ({ type: 'integer', minimum: 1, default: value });
const milliseconds = (value: number): object => ({
  type: 'integer',
  minimum: 1,
  maximum: 2_147_483_647,
  default: value,
});
const count = (value: number, maximum = 1_000_000): object => ({
  type: 'integer',
  minimum: 1,
  maximum,
  default: value,
});
const port = (value: number): object => ({ type: 'integer', minimum: 0, maximum: 65_535, default: value });
const flag = (value: boolean): object => ({ type: 'boolean', default: value });
const host = { ...text, default: '127.0.0.1' } as const;

function section(properties: Readonly<Record<string, object>>): object {
  return { type: 'object', additionalProperties: false, default: {}, properties };
}

const broker = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: { ...text, minLength: 1 },
    version: { enum: ['5.0', '3.1.1'], default: '5.0' },
    username: text,
    password: text,
    clientIdPrefix: { ...text, default: 'omqtt-bridge', maxLength: 100 },
    connections: count(2, 64),
    keepAliveSeconds: { type: 'integer', minimum: 0, maximum: 65_535, default: 30 },
    connectTimeoutMs: milliseconds(10_000),
    sessionExpirySeconds: { type: 'integer', minimum: 0, maximum: 86_400, default: 30 },
    reconnectMaxMs: milliseconds(10_000),
  },
};

export const configSchema: object = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Configuration of omqtt-bridge',
  type: 'object',
  additionalProperties: false,
  properties: {
    http: section({
      host,
      port: port(8080),
      bodyLimitBytes: bytes(8 * 1024 * 1024),
      keepAliveSeconds: { type: 'integer', minimum: 1, maximum: 3600, default: 72 },
      trustProxy: flag(false),
      corsOrigins: {
        type: 'array',
        items: { type: 'string', pattern: '^https?://[^/]+$' },
        default: [],
        maxItems: 100,
      },
      maximumLoopDelayMs: milliseconds(500),
    }),
    docs: section({ page: { enum: ['open-access', 'always', 'never'], default: 'open-access' } }),
    ops: section({
      enabled: flag(true),
      host,
      port: port(9090),
      unreadyMs: { type: 'integer', minimum: 0, maximum: 600_000, default: 0 },
      drainMs: milliseconds(10_000),
    }),
    brokers: {
      type: 'object',
      default: {},
      propertyNames: { pattern: '^[a-z0-9][a-z0-9-]{0,62}$' },
      additionalProperties: broker,
      maxProperties: 64,
    },
    publish: section({
      ackTimeoutMs: milliseconds(5000),
      maximumAckTimeoutMs: milliseconds(60_000),
      maximumInFlight: count(1000, 65_535),
      maximumInFlightBytes: bytes(64 * 1024 * 1024),
      maximumWaiting: count(2000),
      maximumWaitingBytes: bytes(32 * 1024 * 1024),
      maximumBatch: count(1000, 100_000),
    }),
    retained: section({
      waitMs: milliseconds(250),
      maximumWaitMs: milliseconds(60_000),
      maximumMessages: count(1000),
      maximumBytes: bytes(16 * 1024 * 1024),
    }),
    requests: section({
      timeoutMs: milliseconds(30_000),
      maximumTimeoutMs: milliseconds(120_000),
      maximumPending: count(1000),
    }),
    access: accessSchema,
    outbox: section({
      enabled: flag(false),
      path: { ...text, default: './outbox' },
      maximumMessages: count(100_000, 10_000_000),
      maximumBytes: bytes(256 * 1024 * 1024),
      acceptTimeoutMs: milliseconds(5000),
      sessionExpirySeconds: { type: 'integer', minimum: 0, maximum: 4_294_967_295, default: 86_400 },
      rememberedMessages: count(10_000),
    }),
    idempotency: section({ rememberMs: milliseconds(300_000), maximumKeys: count(10_000) }),
    streams: section({
      maximumStreams: count(10_000),
      maximumFilters: count(64, 1000),
      heartbeatMs: milliseconds(15_000),
      maximumAgeMs: milliseconds(600_000),
      // Below that, Node does not say when there is room again.
      readerBufferBytes: { type: 'integer', minimum: 65_536, default: 1024 * 1024 },
      ringMessages: count(10_000),
      ringBytes: bytes(32 * 1024 * 1024),
      lingerMs: milliseconds(60_000),
      maximumHubFilters: count(20_000),
      sessionExpirySeconds: { type: 'integer', minimum: 1, maximum: 4_294_967_295, default: 600 },
      sessionWindow: count(20, 65_535),
    }),
  },
};
