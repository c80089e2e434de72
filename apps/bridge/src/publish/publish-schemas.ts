/** What the routes that publish say about themselves. */
import type { FastifySchema } from 'fastify';
import { publishProblems } from '../openapi/problem-answers.ts';
import {
  clearQuery,
  publishHeaders,
  publishQuery,
  receiptHeaders,
  topicInPath,
  topicInQuery,
} from '../openapi/publish-parameters.ts';
import { type Answer, json, type JsonSchema, ref } from '../openapi/route-schema.ts';

const anything = { content: { '*/*': { schema: {} } }, required: false, description: 'The payload, to the byte.' };
const once = ['idempotency-in-progress', 'idempotency-mismatch', 'parameter-conflict', 'store-failed'] as const;
const result = json(ref('PublishResult'));

const published: Readonly<Record<string, Answer>> = {
  200: { description: 'The broker has acknowledged.', headers: receiptHeaders, content: result },
  202: {
    description:
      'QoS 0: handed to the network. With `Prefer: respond-async`: it is on disk, and `Location` names its status.',
    headers: { ...receiptHeaders, Location: { type: 'string' } },
    content: result,
  },
  204: { description: 'The broker has acknowledged (`Prefer: return=minimal`).', headers: receiptHeaders },
};

const cleared = { 204: { description: 'Nothing is retained there any more.', headers: receiptHeaders } };

/** What a bridge answers without a configuration; ids and times differ. */
const accepted = {
  id: '0192f3c0-7a4e-7bd1-9f3a-2c6f0d9a1b77',
  topic: 'room/1',
  broker: 'default',
  qos: 1,
  reasonCode: 16,
  reason: 'No matching subscribers',
  guarantee: 'broker-ack',
  matchingSubscribers: false,
  ackMs: 0.412,
};
const success = { reasonCode: 0, reason: 'Success' };
const handedOver = { ...accepted, ...success, qos: 0, guarantee: 'transport', matchingSubscribers: null };
const notAQoS = {
  type: 'https://omqtt.dev/problems/parameter-invalid',
  title: 'A parameter is not valid',
  status: 400,
  code: 'parameter-invalid',
  detail: 'the qos is 0, 1 or 2',
  instance: '/requests/0192f3c0-7a4e-7bd1-9f3a-2c6f0d9a1b77',
  outcome: 'not-sent',
  retryable: false,
  retryAfterMs: null,
};

function topicRoute(method: 'POST' | 'PUT', isInPath: boolean): FastifySchema {
  const verb = method === 'POST' ? 'publish' : 'retain';
  const where = isInPath ? { path: { topic: 'room/1' } } : { query: { topic: 'room/1' } };
  const query = isInPath ? publishQuery : { topic: topicInQuery, ...publishQuery };
  const plain = { ...where, headers: { 'Content-Type': 'text/plain' }, body: '21.5' };
  return {
    operationId: isInPath ? verb : `${verb}ToTopic`,
    summary: method === 'POST' ? 'Publish the body' : 'Publish the body, and retain it',
    tags: ['publish'],
    ...(isInPath && { params: topicInPath }),
    querystring: object(query, isInPath ? [] : ['topic']),
    headers: publishHeaders,
    body: anything,
    response: published,
    problems: [...publishProblems, ...once],
    examples: [
      { name: 'acknowledged', ...plain, status: 200, answer: accepted },
      { name: 'qos0', ...plain, query: { ...where.query, qos: '0' }, status: 202, answer: handedOver },
      { name: 'minimal', ...plain, headers: { ...plain.headers, Prefer: 'return=minimal' }, status: 204 },
      { name: 'invalid', ...plain, query: { ...where.query, qos: '7' }, status: 400, answer: notAQoS },
    ],
  };
}

function clearRoute(isInPath: boolean): FastifySchema {
  const query = isInPath ? clearQuery : { topic: topicInQuery, ...clearQuery };
  return {
    operationId: isInPath ? 'clear' : 'clearTopic',
    summary: 'Clear what is retained',
    tags: ['publish'],
    ...(isInPath && { params: topicInPath }),
    querystring: object(query, isInPath ? [] : ['topic']),
    headers: object({ 'Mqtt-Qos': { type: 'integer', enum: [0, 1, 2] } }),
    response: cleared,
    problems: [...publishProblems, 'parameter-conflict'],
    examples: [
      { name: 'cleared', ...(isInPath ? { path: { topic: 'room/2' } } : { query: { topic: 'room/2' } }), status: 204 },
    ],
  };
}

function object(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema {
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

/** By method, with the topic in the path or in the query. */
export const topicSchemas = {
  inPath: { POST: topicRoute('POST', true), PUT: topicRoute('PUT', true), DELETE: clearRoute(true) },
  inQuery: { POST: topicRoute('POST', false), PUT: topicRoute('PUT', false), DELETE: clearRoute(false) },
};

const { Prefer, 'Idempotency-Key': idempotencyKey } = (
  publishHeaders as { properties: Readonly<Record<string, JsonSchema>> }
).properties;

export const envelopeSchema: FastifySchema = {
  operationId: 'publishEnvelope',
  summary: 'Publish one message',
  tags: ['publish'],
  headers: object({ ...(Prefer && { Prefer }), ...(idempotencyKey && { 'Idempotency-Key': idempotencyKey }) }),
  body: ref('Envelope'),
  response: published,
  problems: [...publishProblems, ...once, 'body-invalid', 'media-type-unsupported'],
  examples: [
    {
      name: 'json',
      body: { topic: 'room/1', payloadJson: { celsius: 21.5 }, qos: 2, properties: { userProperties: { unit: 'C' } } },
      status: 200,
      answer: { ...accepted, qos: 2 },
    },
    {
      name: 'qos0',
      body: { topic: 'room/1', payload: '21.5', qos: 0 },
      status: 202,
      answer: handedOver,
    },
    {
      name: 'wrong',
      body: { topic: 'room/1', payload: '21.5', qos: 3 },
      status: 400,
      answer: {
        ...notAQoS,
        type: 'https://omqtt.dev/problems/body-invalid',
        title: 'The body is not valid',
        code: 'body-invalid',
        detail: 'the message is not valid: /qos is one of 0, 1, 2',
        errors: [{ pointer: '/qos', detail: 'is one of 0, 1, 2' }],
      },
    },
  ],
};

export const batchSchema: FastifySchema = {
  operationId: 'publishBatch',
  summary: 'Publish many messages',
  description: 'Each has its own outcome, in the order of the messages.',
  tags: ['publish'],
  body: ref('Batch'),
  response: {
    200: { description: 'All were accepted.', content: json(ref('BatchResult')) },
    207: { description: 'Some were not; `results` says which, and why.', content: json(ref('BatchResult')) },
  },
  problems: ['body-invalid', 'media-type-unsupported', 'broker-unknown', 'payload-too-large', 'rate-limited'],
  examples: [
    {
      name: 'all',
      body: {
        messages: [
          { topic: 'room/1', payload: '21.5' },
          { topic: 'room/2', payload: '19', qos: 0 },
        ],
      },
      status: 200,
      answer: {
        accepted: 2,
        failed: 0,
        results: [
          {
            index: 0,
            status: 200,
            id: accepted.id,
            reasonCode: 16,
            guarantee: 'broker-ack',
            matchingSubscribers: false,
          },
          { index: 1, status: 202, id: accepted.id, reasonCode: 0, guarantee: 'transport', matchingSubscribers: null },
        ],
      },
    },
    {
      name: 'mixed',
      body: { messages: [{ topic: 'room/1' }, { topic: 'room/+' }] },
      status: 207,
      answer: {
        accepted: 1,
        failed: 1,
        results: [
          {
            index: 0,
            status: 200,
            id: accepted.id,
            reasonCode: 16,
            guarantee: 'broker-ack',
            matchingSubscribers: false,
          },
          {
            index: 1,
            status: 400,
            problem: {
              ...notAQoS,
              type: 'https://omqtt.dev/problems/topic-invalid',
              title: 'The topic is not valid',
              code: 'topic-invalid',
            },
          },
        ],
      },
    },
  ],
};

const ndjson = { 'application/x-ndjson': { schema: { type: 'string' } } };

export const streamSchema: FastifySchema = {
  operationId: 'publishStream',
  summary: 'Publish a stream of messages',
  description:
    'A line of JSON for each message, an `Envelope`. The answer has a line for each that failed (`Prefer: receipts=all`: ' +
    'for each), and always ends with a summary; without it the answer was cut off.',
  tags: ['publish'],
  headers: object({ Prefer: { type: 'string', description: '`receipts=all`' } }),
  body: { content: ndjson },
  response: { 200: { description: 'Receipts, and a summary at the end.', content: ndjson } },
  problems: ['media-type-unsupported', 'broker-unknown'],
  examples: [
    {
      name: 'two',
      headers: { 'Content-Type': 'application/x-ndjson' },
      body: '{"topic":"room/1","payload":"21.5"}\n{"topic":"room/2","payload":"19"}\n',
      status: 200,
      answer: '{"summary":true,"received":2,"accepted":2,"failed":0}\n',
    },
  ],
};
