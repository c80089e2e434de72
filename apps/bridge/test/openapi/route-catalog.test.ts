import fastify from 'fastify';
import { expect, test } from 'vitest';
import { RouteCatalog } from '../../src/openapi/route-catalog.ts';

const handler = (): undefined => undefined;

test('a route without a schema keeps the bridge from starting, since the document would not have it', async () => {
  const server = fastify({ exposeHeadRoutes: false });
  const catalog = new RouteCatalog(server);
  server.get('/v1/told', { schema: { operationId: 'told' } }, handler);
  server.route({ method: ['GET', 'QUERY', 'POST'], url: '/v1/untold', handler });
  server.get('/docs', handler);
  await server.ready();
  expect(() => catalog.complete()).toThrow(/schema: GET, POST \/v1\/untold$/);
  expect(catalog.all.map(({ url, method }) => [method, url])).toEqual([['GET', '/v1/told']]);
});

test('what only refuses other methods comes later, and needs none', async () => {
  const server = fastify({ exposeHeadRoutes: false });
  const catalog = new RouteCatalog(server);
  server.get('/v1/told', { schema: { operationId: 'told' } }, handler);
  catalog.complete();
  server.post('/v1/told', handler);
  await server.ready();
  expect(catalog.all).toHaveLength(1);
});
