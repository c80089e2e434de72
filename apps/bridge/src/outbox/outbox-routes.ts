/** What became of a message that was accepted before the broker had it. */
import type { FastifyInstance } from 'fastify';
import type { BridgeContext } from '../http/bridge-context.ts';
import { messageCancelSchema, messageStatusSchema } from './outbox-schemas.ts';

export function addOutboxStatus(server: FastifyInstance, { outbox }: BridgeContext): void {
  server.get('/messages/:id', { schema: messageStatusSchema }, ({ params, principal }) =>
    outbox.find((params as { id: string }).id, principal.id),
  );
  server.delete('/messages/:id', { schema: messageCancelSchema }, async ({ params, principal }, reply) => {
    await outbox.cancel((params as { id: string }).id, principal.id);
    return reply.code(204).send();
  });
}
