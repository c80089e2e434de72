/** The schemas that routes share, by name. */
import { problemKinds } from '../problems/problem-kinds.ts';
import { MAXIMUM_USER_PROPERTIES } from '../publish/publish-command.ts';
import { type JsonSchema, ref } from './route-schema.ts';

const text = { type: 'string' } as const;
const nullableText = { type: ['string', 'null'] } as const;
const qos = { type: 'integer', enum: [0, 1, 2] } as const;
const uint32 = { type: 'integer', minimum: 0, maximum: 4_294_967_295 } as const;
const byte = { type: 'integer', minimum: 0, maximum: 255 } as const;
const base64 = { type: 'string', pattern: '^[\\w+/-]*={0,2}$', contentEncoding: 'base64' } as const;
const dateTime = { type: 'string', format: 'date-time' } as const;

/** All members that are not said to be optional are there. */
function object(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', ...(required.length > 0 && { required }), properties };
}

function list(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

const userPairs = { type: 'array', items: { type: 'array', items: text, minItems: 2, maxItems: 2 } } as const;

/** No `default`: generators of clients take it for something that is always there. */
const envelope = {
  description: 'A message. Without a payload it is empty.',
  additionalProperties: false,
  ...object(
    {
      topic: { ...text, description: 'Without wildcards.', minLength: 1 },
      payload: { ...text, description: 'As UTF-8.' },
      payloadJson: { description: 'Any JSON value.' },
      payloadBase64: base64,
      qos: { ...qos, description: '1 where it is absent.' },
      retain: { type: 'boolean' },
      properties: ref('EnvelopeProperties'),
      waitMs: { ...uint32, description: 'How long to wait for the acknowledgement.' },
      idempotencyKey: { ...text, description: 'For each message; on `/publish` in place of the header.' },
    },
    ['payload', 'payloadJson', 'payloadBase64', 'qos', 'retain', 'properties', 'waitMs', 'idempotencyKey'],
  ),
  not: {
    anyOf: [
      { required: ['payload', 'payloadJson'] },
      { required: ['payload', 'payloadBase64'] },
      { required: ['payloadJson', 'payloadBase64'] },
    ],
  },
};

const propertyMembers = {
  contentType: text,
  payloadFormatIndicator: { type: 'integer', enum: [0, 1] },
  messageExpiryInterval: { ...uint32, description: 'Seconds.' },
  responseTopic: text,
  correlationData: base64,
};

const publishResult = object(
  {
    id: { ...text, description: 'The same as in `Mqtt-Message-Id`.' },
    topic: text,
    broker: text,
    qos,
    reasonCode: byte,
    reason: text,
    guarantee: {
      enum: ['transport', 'broker-ack', 'persisted'],
      description: '`transport`: handed to the network. `broker-ack`: the broker has it. `persisted`: it is on disk.',
    },
    ackMeaning: { const: 'received', description: 'MQTT 3.1.1: the broker may still have dropped it.' },
    matchingSubscribers: {
      type: ['boolean', 'null'],
      description: 'False when the broker said so (0x10), null where it cannot.',
    },
    ackMs: { type: 'number', minimum: 0 },
    replayed: { const: true, description: 'The answer to an earlier request with the same key.' },
  },
  ['ackMeaning', 'replayed'],
);

const problem = {
  description: 'RFC 9457.',
  ...object(
    {
      type: { ...text, format: 'uri' },
      title: text,
      status: { type: 'integer', minimum: 400, maximum: 599 },
      code: { enum: Object.keys(problemKinds), description: 'For programs.' },
      detail: text,
      instance: text,
      outcome: {
        enum: ['not-sent', 'rejected', 'unknown', 'accepted'],
        description: 'What became of the message. `unknown`: it was sent, and sending again may duplicate it.',
      },
      retryable: { type: 'boolean' },
      retryAfterMs: { type: ['integer', 'null'], minimum: 0 },
      mqtt: object(
        {
          packet: { enum: ['PUBACK', 'SUBACK', 'CONNACK', 'DISCONNECT'] },
          reasonCode: { type: ['integer', 'null'] },
          reasonString: nullableText,
          broker: text,
        },
        ['reasonString'],
      ),
      traceId: { ...text, description: 'Of the `traceparent` of the request.' },
      errors: list(object({ pointer: { ...text, description: 'A JSON pointer into the body.' }, detail: text })),
    },
    ['outcome', 'mqtt', 'traceId', 'errors'],
  ),
};

const message = object({
  topic: text,
  payload: { description: 'A text, a JSON value, or base64, as `encoding` says.' },
  encoding: { enum: ['utf8', 'json', 'base64'] },
  qos,
  retain: { type: 'boolean' },
  receivedAt: dateTime,
  properties: object({ ...propertyMembers, userProperties: userPairs }, [
    ...Object.keys(propertyMembers),
    'userProperties',
  ]),
});

const batchItem = object(
  {
    index: { type: 'integer', minimum: 0 },
    status: { type: 'integer' },
    id: text,
    reasonCode: byte,
    guarantee: text,
    matchingSubscribers: { type: ['boolean', 'null'] },
    replayed: { const: true },
    problem: ref('Problem'),
  },
  ['id', 'reasonCode', 'guarantee', 'matchingSubscribers', 'replayed', 'problem'],
);

const rule = object(
  {
    effect: { enum: ['allow', 'deny'] },
    actions: list(text),
    filters: list(text),
    qosMax: qos,
    retain: { type: 'boolean' },
    maxBytes: { type: 'integer' },
  },
  ['maxBytes'],
);

const broker = object({
  name: text,
  connected: { type: 'boolean' },
  version: { enum: ['5.0', '3.1.1'] },
  capabilities: {
    description: 'What the broker has granted; null before it was reached.',
    type: ['object', 'null'],
    properties: {
      maximumQoS: qos,
      retainAvailable: { type: 'boolean' },
      receiveMaximum: { type: 'integer' },
      maximumPacketBytes: { type: ['integer', 'null'] },
      wildcardSubscriptionAvailable: { type: 'boolean' },
      sharedSubscriptionAvailable: { type: 'boolean' },
    },
  },
});

export const components: JsonSchema = {
  schemas: {
    Envelope: envelope,
    EnvelopeProperties: {
      additionalProperties: false,
      ...object({ ...propertyMembers, userProperties: ref('UserProperties') }, [
        ...Object.keys(propertyMembers),
        'userProperties',
      ]),
    },
    UserProperties: {
      description: 'A map, or pairs where order and repeated names count.',
      anyOf: [
        { type: 'object', additionalProperties: text, maxProperties: MAXIMUM_USER_PROPERTIES },
        { ...userPairs, maxItems: MAXIMUM_USER_PROPERTIES },
      ],
    },
    PublishResult: publishResult,
    Batch: object(
      {
        mode: {
          enum: ['per-item', 'all-or-nothing'],
          description:
            '`per-item` where it is absent. `all-or-nothing`: nothing is sent when one of them is not valid.',
        },
        messages: list(ref('Envelope')),
      },
      ['mode'],
    ),
    BatchResult: object({
      accepted: { type: 'integer' },
      failed: { type: 'integer' },
      results: { ...list(ref('BatchItem')), description: 'In the order of the messages.' },
    }),
    BatchItem: batchItem,
    Problem: problem,
    Message: message,
    MessageList: object({
      messages: list(ref('Message')),
      cursor: { ...nullableText, description: 'For the next page.' },
      complete: {
        enum: ['unknown', false],
        description: 'MQTT cannot say that there is no more, only that there was more than is allowed.',
      },
    }),
    MessageStatus: object({
      id: text,
      topic: text,
      broker: text,
      queuedAt: dateTime,
      state: { enum: ['queued', 'accepted', 'rejected', 'unknown', 'cancelled'] },
      reasonCode: { type: ['integer', 'null'] },
      problem: { ...nullableText, description: 'Why it was rejected: the code of the problem.' },
    }),
    Who: object({ id: text, rules: list(rule), expiresAt: nullableText }),
    Brokers: object({ brokers: list(broker) }),
  },
  securitySchemes: {
    bearer: { type: 'http', scheme: 'bearer', description: 'An API key or a JWT.' },
    basic: {
      type: 'http',
      scheme: 'basic',
      description: 'User name and password of the broker, where `access.basic` is on.',
    },
    apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
  },
};
