/** What the route of the streams says about itself. */
import type { FastifySchema } from 'fastify';
import { ticketInQuery } from '../access/ticket-schemas.ts';
import { subscribeProblems } from '../openapi/problem-answers.ts';

const text = { type: 'string' } as const;

export const eventsSchema: FastifySchema = {
  operationId: 'follow',
  summary: 'Follow messages as they come',
  description:
    'Server-sent events: `ready`, what is retained, `snapshot-end`, and then each `message`. A `gap` says that something ' +
    'may have been missed, `bye` why the stream ends and when to come back. `QUERY` takes the same parameters as a form.',
  tags: ['follow'],
  querystring: {
    type: 'object',
    required: ['filter'],
    properties: {
      filter: { type: 'array', items: text, minItems: 1, description: 'Topic filters, such as `room/#`.' },
      mode: {
        enum: ['live', 'session'],
        default: 'live',
        description: '`session`: the broker keeps the place, under the name.',
      },
      name: { ...text, pattern: '^[\\w.-]{1,100}$', description: 'Of the session.' },
      snapshot: { enum: ['retained', 'none'], default: 'retained' },
      format: { enum: ['envelope', 'raw'], default: 'envelope' },
      since: { ...text, description: 'A cursor, `earliest` or `now`; `Last-Event-ID` wins.' },
      qos: { type: 'integer', enum: [1, 0], default: 1 },
      maxRate: { type: 'integer', minimum: 1, maximum: 100_000, description: 'Messages a second.' },
      noLocal: {
        ...text,
        pattern: String.raw`^[\x21-\x7e]{1,100}$`,
        description: 'An origin: messages with the user property `omqtt-origin` of this value are left out.',
      },
      ticket: ticketInQuery,
      overflow: {
        enum: ['gap', 'conflate', 'disconnect'],
        default: 'gap',
        description: 'For who is behind. `conflate`: the last message of each topic, and a `gap` for the rest.',
      },
    },
  },
  headers: { type: 'object', properties: { 'Last-Event-ID': { ...text, description: 'Where the reader was.' } } },
  response: {
    200: {
      description: 'A stream. The `data` of a `message` is a `Message`; its `id` is the place to go on from.',
      headers: { 'Omqtt-Stream-Cursor': { ...text, description: 'Where it begins.' } },
      content: { 'text/event-stream': { schema: text } },
    },
  },
  problems: [...subscribeProblems, 'stream-limit', 'overloaded'],
  examples: [
    {
      name: 'rooms',
      query: { filter: ['room/#'] },
      status: 200,
      answer: [
        'event: ready',
        'data: {"subscriptions":[{"filter":"room/#","grantedQos":1,"reasonCode":1}],"mode":"live","resumed":false,"cursor":"v1.l.7f3a.0"}',
        '',
        'event: message',
        'data: {"topic":"room/1","payload":"21.5","encoding":"utf8","qos":1,"retain":true,"receivedAt":"2026-11-28T12:00:00.000Z","properties":{"contentType":"text/plain"}}',
        '',
        'event: snapshot-end',
        'data: {"heuristic":true,"messages":1}',
        '',
        '',
      ].join('\n'),
    },
  ],
};
