/** What the route of the sockets says about itself. */
import type { FastifySchema } from 'fastify';
import { ticketInQuery } from '../access/ticket-schemas.ts';

export const socketSchema: FastifySchema = {
  operationId: 'openSocket',
  summary: 'Publish and subscribe on one connection',
  description: [
    'A WebSocket. Each frame is a JSON object in text, and is answered with its `id`: an `ack`, or an `err` with the problem.',
    '- `{"type": "sub", "id": 1, "filters": ["room/#"]}`, with `qos`, `snapshot`, `since`, `overflow` and `maxRate` as ' +
      'for `/events`, and `"noLocal": true` to be spared what this socket publishes.',
    '- `{"type": "pub", "id": 2, "message": <Envelope>}`; the `ack` has the `PublishResult`, whose id is `messageId`.',
    '- `{"type": "unsub", "id": 3, "sub": 1}`.',
    'The bridge sends `ready`, then for each subscription `snapshot-end`, `msg` (a `Message`) and `gap`, with `sub` and the ' +
      '`cursor` to go on from, and `bye` before it closes.',
  ].join('\n'),
  tags: ['follow'],
  querystring: { type: 'object', properties: { ticket: ticketInQuery } },
  response: { 101: { description: 'The connection is a WebSocket from here on.' } },
  problems: ['upgrade-required', 'origin-denied', 'stream-limit', 'broker-unknown', 'overloaded'],
  examples: [
    {
      name: 'no upgrade',
      status: 426,
      answer: {
        type: 'https://omqtt.dev/problems/upgrade-required',
        title: 'This is a WebSocket',
        status: 426,
        code: 'upgrade-required',
        detail: 'this is a WebSocket',
        instance: '/requests/0192f3c0-7a4e-7bd1-9f3a-2c6f0d9a1b77',
        retryable: false,
        retryAfterMs: null,
      },
    },
  ],
};
