/** Pages of other origins may call the bridge when their origin is on the list. Nobody may with none on it. */
import type { FastifyInstance } from 'fastify';

const METHODS = 'GET, HEAD, POST, PUT, DELETE, QUERY';
const MAXIMUM_AGE_SECONDS = '600';

export function addCors(server: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const allowed = new Set(origins);
  server.addHook('onRequest', (request, reply, done) => {
    const { origin, 'access-control-request-method': asked } = request.headers;
    reply.header('vary', 'origin');
    if (origin === undefined || !allowed.has(origin)) {
      done();
      return;
    }
    reply.header('access-control-allow-origin', origin);
    reply.header(
      'access-control-expose-headers',
      'etag, mqtt-message-id, mqtt-reason-code, ratelimit, retry-after, x-request-id',
    );
    if (request.method !== 'OPTIONS' || asked === undefined) {
      done();
      return;
    }
    reply.header('access-control-allow-methods', METHODS);
    reply.header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '');
    reply.header('access-control-max-age', MAXIMUM_AGE_SECONDS);
    reply.code(204).send();
  });
}
