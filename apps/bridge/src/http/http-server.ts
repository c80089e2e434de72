/** The listener for callers: hooks that every request passes, and all routes twice, with and without a broker's name. */
import fastify, { type FastifyInstance } from 'fastify';
import { anonymous } from '../access/principal.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { newMessageId } from '../publish/message-id.ts';
import { addEnvelopePublishing, addTopicPublishing } from '../publish/publish-routes.ts';
import { addEvents } from '../events/event-routes.ts';
import { addRetainedReading } from '../read/retained-routes.ts';
import { AllowedMethods } from './allowed-methods.ts';
import type { BridgeContext } from './bridge-context.ts';
import { addContentDecoding } from './content-encoding.ts';
import { addProblemReplies, problemOf, sendProblem } from './problem-replies.ts';

const REQUEST_TIMEOUT_MS = 120_000;

export async function makeHttpServer(context: BridgeContext): Promise<FastifyInstance> {
  const { config, logger } = context;
  const server = fastify({
    bodyLimit: config.http.bodyLimitBytes,
    keepAliveTimeout: config.http.keepAliveSeconds * 1000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: config.http.trustProxy,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    genReqId: () => newMessageId(),
    logger: false,
    frameworkErrors: (error, request, reply) => {
      void sendProblem(problemOf(error), request, { reply, logger });
    },
  });
  const methods = new AllowedMethods(server);
  addProblemReplies(server, logger);
  addContentDecoding(server);
  addEntryHook(server, context);
  for (const prefix of ['/v1', '/v1/brokers/:broker']) {
    await server.register(payloadRoutes(context), { prefix });
    await server.register(jsonRoutes(context), { prefix });
  }
  methods.refuseOthers();
  return server;
}

/** What every request passes first. */
function addEntryHook(server: FastifyInstance, context: BridgeContext): void {
  server.decorateRequest('principal');
  server.addHook('onRequest', (request, reply, done) => {
    request.principal = anonymous;
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'no-store');
    if (!context.isDraining) {
      done();
      return;
    }
    const headers = { connection: 'close' };
    done(new BridgeProblem('draining', { detail: 'the bridge is shutting down', retryAfterMs: 1000, headers }));
  });
}

type Routes = (server: FastifyInstance) => Promise<void>;

function payloadRoutes(context: BridgeContext): Routes {
  return async (server) => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    addTopicPublishing(server, context);
    addRetainedReading(server, context);
  };
}

function jsonRoutes(context: BridgeContext): Routes {
  return async (server) => {
    addEnvelopePublishing(server, context);
    addEvents(server, context);
  };
}
