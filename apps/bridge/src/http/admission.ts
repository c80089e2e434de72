/** What every request passes first: is there time for it, and who asks. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusal } from '../access/api-keys.ts';
import type { Principal } from '../access/principal.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import { isPublic } from '../openapi/docs-routes.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { mayUpgrade } from '../sockets/socket-upgrade.ts';
import type { BridgeContext } from './bridge-context.ts';
import { brokerNameOf, queryValue } from './request-target.ts';

export function addAdmission(server: FastifyInstance, context: BridgeContext): void {
  server.decorateRequest('principal');
  server.decorateRequest('startedAt', 0);
  server.addHook('onRequest', (request, reply, done) => {
    request.startedAt = performance.now();
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'no-store');
    if (context.isDraining) {
      const headers = { connection: 'close' };
      done(new BridgeProblem('draining', { detail: 'the bridge is shutting down', retryAfterMs: 1000, headers }));
      return;
    }
    if (isPublic(request.url)) done();
    else admit({ request, reply, context }, done);
  });
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly context: BridgeContext;
}

/** At once wherever it can be: a promise costs every request. */
function admit(exchange: Exchange, done: (error?: Error) => void): void {
  const { request, context } = exchange;
  const admitAs = (principal: Principal): void => {
    request.principal = principal;
    if (principal.pool !== undefined) holdWhileOpen(principal.pool, exchange);
  };
  const refuse = (error: Error): void => {
    const isRefusal = error instanceof BridgeProblem && error.status === 401;
    if (isRefusal) context.metrics.authFailures.add({ kind: credentialKind(request) });
    done(error);
  };
  try {
    context.shedder.check();
    const ticket = ticketOf(request);
    const broker = brokerNameOf(request) ?? context.brokers.defaultName;
    const admitted =
      ticket === undefined ? context.gate.admit(request.headers, broker) : context.tickets.redeem(ticket);
    if (!(admitted instanceof Promise)) {
      admitAs(admitted);
      done();
      return;
    }
    // eslint-disable-next-line promise/no-callback-in-promise -- Fastify's form of a hook that is not always a promise
    admitted.then((principal) => admitAs(principal)).then(() => done(), refuse);
  } catch (error) {
    refuse(error as Error);
  }
}

/** Connections of the caller's own stay open as long as the request, or the stream that it becomes. */
function holdWhileOpen(pool: BrokerPool, { request: { raw }, reply, context }: Exchange): void {
  const release = context.identities.hold(pool);
  if (release === undefined) throw refusal('unauthenticated', 'the connections of this caller are closed: come again');
  if (raw.socket.destroyed) release();
  else if (mayUpgrade(raw)) raw.socket.once('close', release);
  else reply.raw.once('close', release);
}

/** For the count of failures: which kind of credentials it was. */
function credentialKind({ headers, query }: FastifyRequest): string {
  const { authorization = '', 'x-api-key': apiKey } = headers;
  const scheme = authorization.slice(0, authorization.indexOf(' ')).toLowerCase();
  if (apiKey !== undefined || authorization.slice('bearer '.length).startsWith('omq_')) return 'key';
  if (scheme === 'bearer') return 'token';
  if (scheme === 'basic') return 'basic';
  return queryValue(query, 'ticket') === undefined ? 'none' : 'ticket';
}

function ticketOf(request: FastifyRequest): string | undefined {
  const ticket = queryValue(request.query, 'ticket');
  // Looking at the options of the route costs more, and almost nobody has a ticket.
  return ticket !== undefined && request.routeOptions.config.takesTickets === true ? ticket : undefined;
}
