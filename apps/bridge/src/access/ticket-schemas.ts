/** What the route of the tickets says about itself, and what a ticket is in the query of others. */
import type { FastifySchema } from 'fastify';
import { json, type JsonSchema } from '../openapi/route-schema.ts';

export const ticketInQuery: JsonSchema = {
  type: 'string',
  description: 'From `/tickets`, in place of credentials: browsers cannot send a header here. Good once.',
};

export const ticketSchema: FastifySchema = {
  operationId: 'issueTicket',
  summary: 'Get a ticket for a stream that a page opens',
  description:
    'It is good once, for 30 seconds, at the replica that has issued it, as `ticket` in the query of `/events` or `/ws`.',
  tags: ['follow'],
  response: {
    201: {
      description: 'The ticket.',
      content: json({
        type: 'object',
        required: ['ticket', 'expiresAt'],
        properties: { ticket: { type: 'string' }, expiresAt: { type: 'string', format: 'date-time' } },
      }),
    },
  },
  problems: ['ticket-limit', 'overloaded'],
  examples: [
    {
      name: 'ticket',
      status: 201,
      answer: { ticket: 'k2Jb0p3o0mR0m0q8Wq7b1yJ0aXo8k7w9c2VtZ0x1YzA', expiresAt: '2026-11-28T12:00:30.000Z' },
    },
  ],
};
