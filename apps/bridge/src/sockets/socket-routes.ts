/** `/ws`: a WebSocket for pages that subscribe and publish on one connection. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BridgeContext } from '../http/bridge-context.ts';
import { poolOf } from '../http/request-target.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { SocketOutput } from './socket-output.ts';
import { socketSchema } from './socket-schemas.ts';
import { SocketSession } from './socket-session.ts';
import type { SocketUpgrade } from './socket-upgrade.ts';

export function addSockets(server: FastifyInstance, context: BridgeContext, upgrade: SocketUpgrade): void {
  const handler = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    refuseForeign(request, context);
    const { principal, id: requestId } = request;
    const pool = poolOf(request, context);
    context.streams.checkRoom(principal);
    upgrade.accept(request, reply, (socket) => {
      const output = new SocketOutput(socket, context.config.streams.readerBufferBytes);
      context.streams.add(output, principal, 'socket');
      context.metrics.countAs(101, request);
      // eslint-disable-next-line no-new -- it lives as long as its socket
      new SocketSession(socket, { context, pool, principal, requestId, output });
    });
    return reply;
  };
  server.get('/ws', { schema: socketSchema, config: { takesTickets: true } }, handler);
}

/** Browsers let any page open a WebSocket to anywhere, and say only where the page is from. */
function refuseForeign({ headers: { origin } }: FastifyRequest, { config }: BridgeContext): void {
  if (origin === undefined || config.http.corsOrigins.includes(origin)) return;
  throw new BridgeProblem('origin-denied', 'pages of this origin may not call: http.corsOrigins does not name it');
}
