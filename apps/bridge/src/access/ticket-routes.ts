/** `/tickets`: who has said who it is may open a stream from a page with a ticket. */
import type { FastifyInstance } from 'fastify';
import type { BridgeContext } from '../http/bridge-context.ts';
import { ticketSchema } from './ticket-schemas.ts';

export function addTickets(server: FastifyInstance, { tickets }: BridgeContext): void {
  server.post('/tickets', { schema: ticketSchema }, ({ principal }, reply) => {
    const { ticket, expiresAt } = tickets.issue(principal);
    return reply.code(201).send({ ticket, expiresAt: new Date(expiresAt).toISOString() });
  });
}
