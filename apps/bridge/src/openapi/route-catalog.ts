/** Collects what the routes say about themselves. Nothing of it stays in the way of a request. */
import type { FastifyInstance, FastifySchema } from 'fastify';

export interface DescribedRoute {
  /** As Fastify has it: `/v1/messages/:id`, `/v1/topics/*`. */
  readonly url: string;
  readonly method: string;
  readonly schema: FastifySchema;
}

/** What is served below it is in the document, and has to be: all but the document. */
const DESCRIBED_BASE = '/v1/';
const DOCUMENT = '/v1/openapi.json';
/** OpenAPI 3.1 has no place for it; what it does is told of with GET. */
const INEXPRESSIBLE = 'QUERY';

export class RouteCatalog {
  readonly #routes: DescribedRoute[] = [];
  readonly #silent: string[] = [];
  #isComplete = false;

  /** Before any route is added. */
  constructor(server: FastifyInstance) {
    server.addHook('onRoute', (route) => {
      const { url, schema } = route;
      if (this.#isComplete) return;
      const methods = [route.method].flat();
      if (schema === undefined) {
        const untold = methods.filter((method) => method !== INEXPRESSIBLE);
        const isPart = url.startsWith(DESCRIBED_BASE) && url !== DOCUMENT;
        if (isPart && untold.length > 0) this.#silent.push(`${untold.join(', ')} ${url}`);
        return;
      }
      for (const method of methods) this.#routes.push({ url, method, schema });
      // Compiled validators would cost each request, and say less than the parsers.
      delete route.schema;
    });
  }

  get all(): readonly DescribedRoute[] {
    return this.#routes;
  }

  /** After all routes were added: throws when one of them would be missing in the document, and nobody would notice. */
  complete(): void {
    this.#isComplete = true;
    if (this.#silent.length === 0) return;
    throw new Error(`these routes say nothing about themselves, so give them a schema: ${this.#silent.join('; ')}`);
  }
}
