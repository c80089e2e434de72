/** `/openapi.json`, `/openapi.yaml` and `/docs`: for everybody, as they say nothing about this bridge in particular. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { stringify } from 'yaml';
import type { BridgeConfig } from '../config/bridge-config.ts';
import { docsPage, pagePolicy } from './docs-page.ts';
import { type OpenApiDocument, openApiDocument } from './openapi-document.ts';
import type { RouteCatalog } from './route-catalog.ts';

const publicPaths: ReadonlySet<string> = new Set(['/openapi.json', '/v1/openapi.json', '/openapi.yaml', '/docs']);

/** Asked of every request: nobody has to say who they are for these. */
export function isPublic(url: string): boolean {
  return publicPaths.has(url);
}

/** The page is there for those who try things out, unless the configuration says otherwise. */
export function addDocs(server: FastifyInstance, catalog: RouteCatalog, { docs, access }: BridgeConfig): void {
  let made: OpenApiDocument | undefined;
  // After all routes were added.
  const document = (): OpenApiDocument => (made ??= openApiDocument(catalog.all));
  const sendJson = (_request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    return told(reply).type('application/json; charset=utf-8').send(JSON.stringify(document()));
  };
  server.get('/openapi.json', sendJson);
  server.get('/v1/openapi.json', sendJson);
  server.get('/openapi.yaml', (_request, reply) => {
    return told(reply)
      .type('application/yaml; charset=utf-8')
      .send(stringify(document(), { aliasDuplicateObjects: false }));
  });
  const isOpen = access.keys.length === 0 && access.jwt.length === 0;
  if (docs.page === 'never' || (docs.page === 'open-access' && !isOpen)) return;
  server.get('/docs', (request, reply) => {
    return told(reply)
      .header('content-security-policy', pagePolicy)
      .header('referrer-policy', 'no-referrer')
      .type('text/html; charset=utf-8')
      .send(docsPage(document(), `${request.protocol}://${request.host}`));
  });
}

function told(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-cache').header('x-content-type-options', 'nosniff');
}
