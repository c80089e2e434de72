/** What the routes that read say about themselves. */
import type { FastifySchema } from 'fastify';
import { subscribeProblems } from '../openapi/problem-answers.ts';
import { topicInPath, topicInQuery } from '../openapi/publish-parameters.ts';
import { type Answer, type JsonSchema, ref } from '../openapi/route-schema.ts';

const text = { type: 'string' } as const;

const headers: Readonly<Record<string, JsonSchema>> = {
  Age: { type: 'integer', description: 'Seconds since it was read.' },
  ETag: { ...text, description: 'The same payload with the same properties.' },
  'Mqtt-Qos': { type: 'integer', enum: [0, 1, 2] },
  'Mqtt-Retain': { type: 'string', enum: ['true', 'false'] },
  'Mqtt-User-Property': { ...text, description: '`name=value`, both percent-encoded; may be repeated.' },
};

const answers: Readonly<Record<string, Answer>> = {
  200: {
    description: 'What is retained: the payload under the content type of the message, or an envelope.',
    headers,
    content: { '*/*': { schema: {} }, 'application/json': { schema: ref('Message') } },
  },
  304: { description: 'It is what `If-None-Match` names.' },
};

const room = {
  topic: 'room/1',
  payload: '21.5',
  encoding: 'utf8',
  qos: 1,
  retain: true,
  receivedAt: '2026-11-28T12:00:00.000Z',
  properties: { contentType: 'text/plain' },
};

const freshness = {
  maxAge: { type: 'integer', minimum: 0, maximum: 86_400, description: 'Seconds: what was read meanwhile does.' },
  wait: {
    type: 'integer',
    minimum: 0,
    maximum: 99_999,
    description: 'Seconds to wait for something else than `If-None-Match` names, or for anything.',
  },
} as const;

function readRoute(method: 'GET' | 'HEAD', isInPath: boolean): FastifySchema {
  const where = isInPath ? { path: { topic: 'room/1' } } : { query: { topic: 'room/1' } };
  const nowhere = isInPath ? { path: { topic: 'room/nowhere' } } : { query: { topic: 'room/nowhere' } };
  const { 200: found, 304: same } = answers;
  const withoutBody = { description: found?.description ?? '', headers };
  const name = method === 'GET' ? 'read' : 'look';
  return {
    operationId: isInPath ? name : `${name}AtTopic`,
    summary: method === 'GET' ? 'Read what is retained' : 'See whether something is retained',
    description: 'MQTT cannot say that nothing is retained, so 404 comes after a moment.',
    tags: ['read'],
    ...(isInPath && { params: topicInPath }),
    querystring: {
      type: 'object',
      ...(!isInPath && { required: ['topic'] }),
      properties: { ...(!isInPath && { topic: topicInQuery }), ...freshness },
    },
    headers: { type: 'object', properties: { 'If-None-Match': text, Prefer: { ...text, description: '`wait=30`' } } },
    response: { 200: method === 'GET' ? found : withoutBody, 304: same },
    problems: [...subscribeProblems, 'no-retained', 'overloaded', 'stream-limit'],
    examples:
      method === 'HEAD'
        ? [{ name: 'found', ...where, status: 200 }]
        : [
            { name: 'payload', ...where, status: 200, answer: '21.5' },
            { name: 'envelope', ...where, headers: { Accept: 'application/json' }, status: 200, answer: room },
            {
              name: 'nothing',
              ...nowhere,
              status: 404,
              answer: {
                type: 'https://omqtt.dev/problems/no-retained',
                title: 'The topic has no retained message',
                status: 404,
                code: 'no-retained',
                detail: 'the broker has sent no retained message within 250 ms',
                instance: '/requests/0192f3c0-7a4e-7bd1-9f3a-2c6f0d9a1b77',
                retryable: false,
                retryAfterMs: null,
              },
            },
          ],
  };
}

export const readSchemas = {
  inPath: { GET: readRoute('GET', true), HEAD: readRoute('HEAD', true) },
  inQuery: { GET: readRoute('GET', false), HEAD: readRoute('HEAD', false) },
};

export const listSchema: FastifySchema = {
  operationId: 'listRetained',
  summary: 'List what is retained',
  tags: ['read'],
  querystring: {
    type: 'object',
    required: ['filter'],
    properties: {
      filter: { ...text, minLength: 1, description: 'A topic filter, such as `room/#`.' },
      limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
      cursor: { ...text, description: 'From the page before.' },
    },
  },
  response: {
    200: {
      description: 'By topic; `application/x-ndjson` has a message a line, and the cursor in `Omqtt-Cursor`.',
      content: { 'application/json': { schema: ref('MessageList') }, 'application/x-ndjson': { schema: text } },
    },
  },
  problems: subscribeProblems,
  examples: [
    {
      name: 'rooms',
      query: { filter: 'room/#' },
      status: 200,
      answer: { messages: [room], cursor: null, complete: 'unknown' },
    },
  ],
};
