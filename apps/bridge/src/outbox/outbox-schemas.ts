/** What the route of the outbox says about itself. */
import type { FastifySchema } from 'fastify';
import { json, ref } from '../openapi/route-schema.ts';

const idInPath = { type: 'object', properties: { id: { type: 'string', description: 'From `Location`.' } } } as const;
const id = '0192f3c0-7a4e-7bd1-9f3a-2c6f0d9a1b77';

/** Nobody has sent it. */
const unknownMessage = {
  name: 'unknown',
  path: { id },
  status: 404,
  answer: {
    type: 'https://omqtt.dev/problems/message-unknown',
    title: 'There is no message of this id',
    status: 404,
    code: 'message-unknown',
    detail: 'it is too old, or from before the last start, or somebody else has sent it',
    instance: `/requests/${id}`,
    retryable: false,
    retryAfterMs: null,
  },
} as const;

export const messageCancelSchema: FastifySchema = {
  operationId: 'cancelMessage',
  summary: 'Call back a message that was accepted with `Prefer: respond-async`, and not sent yet',
  tags: ['about'],
  params: idInPath,
  response: { 204: { description: 'It is gone, and will not be sent.' } },
  problems: ['message-unknown', 'message-sent'],
  examples: [{ ...unknownMessage, name: 'cancel' }],
};

export const messageStatusSchema: FastifySchema = {
  operationId: 'messageStatus',
  summary: 'What became of a message that was accepted with `Prefer: respond-async`',
  tags: ['about'],
  params: idInPath,
  response: { 200: { description: 'As far as it is known.', content: json(ref('MessageStatus')) } },
  problems: ['message-unknown'],
  examples: [unknownMessage],
};
