/** The listener for callers: hooks that every request passes, and all routes twice, with and without a broker's name. */
import fastify, { type FastifyInstance } from 'fastify';
import { addOutboxStatus } from '../outbox/outbox-routes.ts';
import { addBatchPublishing } from '../publish/batch-routes.ts';
import { newMessageId } from '../publish/message-id.ts';
import { addEnvelopePublishing, addTopicPublishing } from '../publish/publish-routes.ts';
import { addTickets } from '../access/ticket-routes.ts';
import { addEvents } from '../events/event-routes.ts';
import { addRetainedReading } from '../read/retained-routes.ts';
import { addDocs } from '../openapi/docs-routes.ts';
import { RouteCatalog } from '../openapi/route-catalog.ts';
import { addStreamPublishing } from '../publish/stream-routes.ts';
import { addEnvelopeRequests, addTopicRequests } from '../requests/request-routes.ts';
import { addSockets } from '../sockets/socket-routes.ts';
import { mayUpgrade, SocketUpgrade } from '../sockets/socket-upgrade.ts';
import { addIntrospection } from './introspection-routes.ts';
import { addAdmission } from './admission.ts';
import { AllowedMethods } from './allowed-methods.ts';
import type { BridgeContext } from './bridge-context.ts';
import { addCors } from './cors.ts';
import { addContentDecoding } from './content-encoding.ts';
import { addJsonBodies } from './json-body.ts';
import { addProblemReplies, problemOf, sendProblem } from './problem-replies.ts';

const REQUEST_TIMEOUT_MS = 120_000;

export async function makeHttpServer(context: BridgeContext): Promise<FastifyInstance> {
  const { config } = context;
  const server = fastify({
    bodyLimit: config.http.bodyLimitBytes,
    keepAliveTimeout: config.http.keepAliveSeconds * 1000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: config.http.trustProxy,
    exposeHeadRoutes: false,
    // Requests that are being worked on may finish; `closeServer` limits how long.
    forceCloseConnections: 'idle',
    // The bridge refuses itself, with a problem.
    return503OnClosing: false,
    genReqId: () => newMessageId(),
    http: { shouldUpgradeCallback: mayUpgrade },
    logger: false,
    frameworkErrors: (error, request, reply) => {
      void sendProblem(problemOf(error), request, { reply, context });
    },
  });
  const upgrade = new SocketUpgrade(server, config.http.bodyLimitBytes);
  const methods = new AllowedMethods(server);
  const catalog = new RouteCatalog(server);
  addProblemReplies(server, context);
  context.metrics.watch(server);
  addCors(server, config.http.corsOrigins);
  addContentDecoding(server);
  addAdmission(server, context);
  addDocs(server, catalog, config);
  for (const prefix of ['/v1', '/v1/brokers/:broker']) {
    await server.register(payloadRoutes(context), { prefix });
    await server.register(jsonRoutes(context, upgrade), { prefix });
  }
  const common: Routes = async (scope) => {
    addIntrospection(scope, context);
    addOutboxStatus(scope, context);
    addTickets(scope, context);
  };
  await server.register(common, { prefix: '/v1' });
  catalog.complete();
  methods.refuseOthers();
  return server;
}

type Routes = (server: FastifyInstance) => Promise<void>;

function payloadRoutes(context: BridgeContext): Routes {
  return async (server) => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    addTopicPublishing(server, context);
    addRetainedReading(server, context);
    addTopicRequests(server, context);
  };
}

function jsonRoutes(context: BridgeContext, upgrade: SocketUpgrade): Routes {
  return async (server) => {
    addJsonBodies(server);
    addEnvelopePublishing(server, context);
    addBatchPublishing(server, context);
    addEnvelopeRequests(server, context);
    addSockets(server, context, upgrade);
    // Each with a media type that is for nobody else.
    await server.register(async (scope) => addStreamPublishing(scope, context));
    await server.register(async (scope) => addEvents(scope, context));
  };
}
