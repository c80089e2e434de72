/** The second listener, for those who run the bridge: is it alive, is it ready. */
import fastify, { type FastifyInstance } from 'fastify';
import type { BridgeContext } from '../http/bridge-context.ts';

export function makeOpsServer(context: BridgeContext): FastifyInstance {
  const server = fastify({ logger: false, exposeHeadRoutes: false, forceCloseConnections: true });
  server.get('/livez', () => ({ status: 'alive' }));
  server.get('/metrics', (_request, reply) => {
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(context.metrics.text(context));
  });
  server.get('/startupz', (_request, reply) => report(reply, hasConnected(context)));
  server.get('/readyz', (_request, reply) => report(reply, !context.isLeaving && hasConnected(context)));
  return server;

  function report(reply: { code(status: number): unknown }, isReady: boolean): object {
    reply.code(isReady ? 200 : 503);
    const brokers = Object.fromEntries(context.brokers.all.map((pool) => [pool.name, pool.isConnected]));
    return { status: isReady ? 'ready' : 'not ready', draining: context.isDraining, brokers };
  }
}

/** Ready with any broker: the others answer 503 themselves. */
function hasConnected({ brokers }: BridgeContext): boolean {
  return brokers.all.some((pool) => pool.isConnected);
}
