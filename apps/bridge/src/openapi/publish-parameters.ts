/** The parameters that routes with a payload as their body have in common. */
import type { JsonSchema } from './route-schema.ts';

const seconds = { type: 'integer', minimum: 0, maximum: 4_294_967_295 } as const;

const qos = { type: 'integer', enum: [0, 1, 2], default: 1, description: 'The same as `Mqtt-Qos`; never two values.' };
const waitSeconds = {
  type: 'integer',
  minimum: 0,
  maximum: 99_999,
  description: 'Seconds to wait for the acknowledgement, as with `Prefer: wait=`.',
} as const;

export const topicInPath: JsonSchema = {
  type: 'object',
  required: ['topic'],
  properties: {
    topic: {
      type: 'string',
      minLength: 1,
      description: 'All that follows, decoded once and used to the byte. `/` may stand as it is or as `%2F`.',
    },
  },
};

export const topicInQuery: JsonSchema = {
  type: 'string',
  minLength: 1,
  description: 'For topics that do not survive in a path, such as those with `//` or `..`.',
};

export const publishQuery: Readonly<Record<string, JsonSchema>> = {
  qos,
  retain: { type: 'string', enum: ['true', 'false', '1', '0'], default: 'false' },
  pfi: {
    type: 'integer',
    enum: [0, 1],
    description: 'Payload format indicator. 1: the payload is checked to be UTF-8.',
  },
  expiry: { ...seconds, description: 'Seconds until the broker may forget the message.' },
  responseTopic: { type: 'string' },
  wait: waitSeconds,
};

export const clearQuery: Readonly<Record<string, JsonSchema>> = { qos, wait: waitSeconds };

const text = { type: 'string' } as const;

export const publishHeaders: JsonSchema = {
  type: 'object',
  properties: {
    'Mqtt-Qos': { type: 'integer', enum: [0, 1, 2] },
    'Mqtt-Retain': { type: 'string', enum: ['true', 'false', '1', '0'] },
    'Mqtt-Payload-Format-Indicator': { type: 'integer', enum: [0, 1] },
    'Mqtt-Message-Expiry': { ...seconds, description: 'Seconds.' },
    'Mqtt-Response-Topic': { ...text, description: 'Percent-encoded.' },
    'Mqtt-Correlation-Data': { ...text, description: 'Base64.' },
    'Mqtt-User-Property': { ...text, description: '`name=value`, both percent-encoded; may be repeated.' },
    'Mqtt-User-Properties': { ...text, description: 'All of them: a JSON array of pairs, in base64.' },
    'Idempotency-Key': {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      description: 'The same request with the same key is published once.',
    },
    Prefer: { ...text, description: '`wait=5`, `return=minimal`, `respond-async` (needs the outbox).' },
    traceparent: { ...text, description: 'Goes on as a user property, with `tracestate`.' },
  },
};

export const receiptHeaders: Readonly<Record<string, JsonSchema>> = {
  'Mqtt-Message-Id': text,
  'Mqtt-Reason-Code': { type: 'integer', minimum: 0, maximum: 255 },
};
