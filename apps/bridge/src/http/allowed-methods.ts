/** A path that exists says which methods it has (405), instead of that it does not exist. */
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { BridgeProblem } from '../problems/problem.ts';

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'QUERY'];

export class AllowedMethods {
  readonly #byUrl = new Map<string, Set<string>>();
  readonly #server: FastifyInstance;

  /** Before any route is added. */
  constructor(server: FastifyInstance) {
    this.#server = server;
    server.addHook('onRoute', ({ url, method }) => {
      const known = this.#byUrl.get(url) ?? new Set();
      for (const one of [method].flat()) known.add(one);
      this.#byUrl.set(url, known);
    });
  }

  /** After all routes were added. */
  refuseOthers(): void {
    for (const [url, allowed] of this.#byUrl) {
      const allow = [...allowed].toSorted().join(', ');
      const method = methods.filter((name) => !allowed.has(name));
      this.#server.route({
        method,
        url,
        // Before a body is looked at.
        onRequest: ({ method: asked }, _reply, done) => {
          done(
            new BridgeProblem('method-not-allowed', {
              detail: `there is no ${asked} here, but ${allow}`,
              headers: { allow },
            }),
          );
        },
        handler: () => undefined,
      });
    }
  }
}
