/** What the routes that ask say about themselves. */
import type { FastifySchema } from 'fastify';
import { publishProblems } from '../openapi/problem-answers.ts';
import { publishHeaders, publishQuery, topicInPath } from '../openapi/publish-parameters.ts';
import { type Content, type JsonSchema, ref } from '../openapi/route-schema.ts';

const answer: { readonly description: string; readonly content: Content; readonly headers: JsonSchema } = {
  description:
    'The answer: its payload under the content type of the message, or an envelope. Who answers may choose another ' +
    'status with the user property `http-status`.',
  headers: { 'Mqtt-Topic': { type: 'string', description: 'Where the answer came, percent-encoded.' } },
  content: { '*/*': { schema: {} }, 'application/json': { schema: ref('Message') } },
};

const about = {
  summary: 'Ask, and wait for the answer',
  description:
    'The request goes out with a response topic and correlation data. When nobody is subscribed, 503 comes at once.',
  tags: ['ask'],
  response: { 200: answer },
} as const;

const problems = [...publishProblems, 'parameter-conflict', 'no-responder', 'reply-timeout'] as const;

const nobody = {
  type: 'https://omqtt.dev/problems/no-responder',
  title: 'Nobody listens to this topic',
  status: 503,
  code: 'no-responder',
  detail: 'nobody is subscribed to "service/none"',
  instance: '/requests/0192f3c0-7a4e-7bd1-9f3a-2c6f0d9a1b77',
  outcome: 'accepted',
  retryable: true,
  retryAfterMs: 1000,
  mqtt: { packet: 'PUBACK', reasonCode: 16, reasonString: null, broker: 'default' },
};

export const topicRequestSchema: FastifySchema = {
  ...about,
  operationId: 'ask',
  params: topicInPath,
  querystring: { type: 'object', properties: publishQuery },
  headers: publishHeaders,
  body: { content: { '*/*': { schema: {} } }, required: false, description: 'The payload of the request.' },
  problems,
  examples: [
    { name: 'time', path: { topic: 'service/time' }, status: 200, answer: '12:00' },
    { name: 'nobody', path: { topic: 'service/none' }, status: 503, answer: nobody },
  ],
};

export const envelopeRequestSchema: FastifySchema = {
  ...about,
  operationId: 'askWithEnvelope',
  body: ref('Envelope'),
  problems: [...problems, 'body-invalid', 'media-type-unsupported'],
  examples: [{ name: 'time', body: { topic: 'service/time' }, status: 200, answer: '12:00' }],
};
