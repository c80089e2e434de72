/** The listener for callers: hooks that every request passes, and all routes twice, with and without a broker's name. */
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Principal } from '../access/principal.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { addOutboxStatus } from '../outbox/outbox-routes.ts';
import { addBatchPublishing } from '../publish/batch-routes.ts';
import { newMessageId } from '../publish/message-id.ts';
import { addEnvelopePublishing, addTopicPublishing } from '../publish/publish-routes.ts';
import { addTickets } from '../access/ticket-routes.ts';
import { addEvents } from '../events/event-routes.ts';
import { addRetainedReading } from '../read/retained-routes.ts';
import { addDocs, isPublic } from '../openapi/docs-routes.ts';
import { RouteCatalog } from '../openapi/route-catalog.ts';
import { addStreamPublishing } from '../publish/stream-routes.ts';
import { addEnvelopeRequests, addTopicRequests } from '../requests/request-routes.ts';
import { addSockets } from '../sockets/socket-routes.ts';
import { mayUpgrade, SocketUpgrade } from '../sockets/socket-upgrade.ts';
import { addIntrospection } from './introspection-routes.ts';
import { AllowedMethods } from './allowed-methods.ts';
import type { BridgeContext } from './bridge-context.ts';
import { addCors } from './cors.ts';
import { addContentDecoding } from './content-encoding.ts';
import { addProblemReplies, problemOf, sendProblem } from './problem-replies.ts';
import { queryValue } from './request-target.ts';

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
  addEntryHook(server, context);
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
  methods.refuseOthers();
  return server;
}

/** What every request passes first. */
function addEntryHook(server: FastifyInstance, context: BridgeContext): void {
  server.decorateRequest('principal');
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'no-store');
    if (context.isDraining) {
      const headers = { connection: 'close' };
      done(new BridgeProblem('draining', { detail: 'the bridge is shutting down', retryAfterMs: 1000, headers }));
      return;
    }
    if (isPublic(request.url)) done();
    else admit(request, context, done);
  });
}

/** At once wherever it can be: a promise costs every request. */
function admit(request: FastifyRequest, context: BridgeContext, done: (error?: Error) => void): void {
  const admitAs = (principal: Principal): void => {
    request.principal = principal;
  };
  try {
    context.shedder.check();
    const ticket = ticketOf(request);
    const admitted = ticket === undefined ? context.gate.admit(request.headers) : context.tickets.redeem(ticket);
    if (!(admitted instanceof Promise)) {
      admitAs(admitted);
      done();
      return;
    }
    // eslint-disable-next-line promise/no-callback-in-promise -- Fastify's form of a hook that is not always a promise
    admitted.then((principal) => admitAs(principal)).then(() => done(), done);
  } catch (error) {
    done(error as Error);
  }
}

function ticketOf(request: FastifyRequest): string | undefined {
  const ticket = queryValue(request.query, 'ticket');
  // Looking at the options of the route costs more, and almost nobody has a ticket.
  return ticket !== undefined && request.routeOptions.config.takesTickets === true ? ticket : undefined;
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
    addEnvelopePublishing(server, context);
    addBatchPublishing(server, context);
    addStreamPublishing(server, context);
    addEnvelopeRequests(server, context);
    addEvents(server, context);
    addSockets(server, context, upgrade);
  };
}
