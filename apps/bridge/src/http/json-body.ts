/**
 * Bodies that are JSON. Fastify's parser looks through each for members that would poison what is copied from them; here
 * nothing is: the parsers take the members that they know, name all others, and pass values on as text.
 */
import type { FastifyInstance } from 'fastify';
import { BridgeProblem } from '../problems/problem.ts';

export function addJsonBodies(server: FastifyInstance): void {
  server.removeContentTypeParser(['application/json', 'text/plain']);
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(body as string) as unknown);
    } catch {
      const detail = body === '' ? 'the body is empty, and JSON is expected' : 'the body is not valid JSON';
      done(new BridgeProblem('body-invalid', detail));
    }
  });
}
