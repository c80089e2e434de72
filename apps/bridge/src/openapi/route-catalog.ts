/** Collects what the routes say about themselves. Nothing of it stays in the way of a request. */
import type { FastifyInstance, FastifySchema } from 'fastify';

export interface DescribedRoute {
  /** As Fastify has it: `/v1/messages/:id`, `/v1/topics/*`. */
  readonly url: string;
  readonly method: string;
  readonly schema: FastifySchema;
}

export class RouteCatalog {
  readonly #routes: DescribedRoute[] = [];

  /** Before any route is added. */
  constructor(server: FastifyInstance) {
    server.addHook('onRoute', (route) => {
      const { url, schema } = route;
      if (schema === undefined) return;
      for (const method of [route.method].flat()) this.#routes.push({ url, method, schema });
      // Compiled validators would cost each request, and say less than the parsers.
      delete route.schema;
    });
  }

  get all(): readonly DescribedRoute[] {
    return this.#routes;
  }
}
