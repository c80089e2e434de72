/** `/events`: messages as they come, as server-sent events. GET has the filters in the query, QUERY in the body. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BridgeContext } from '../http/bridge-context.ts';
import { poolOf, filtersOf, queryChoice, queryInteger, queryValue } from '../http/request-target.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { RetainedReader } from '../read/retained-reader.ts';
import { BridgeProblem } from '../problems/problem.ts';
import type { EventHub, HubFilter, Resumption } from './event-hub.ts';
import type { EventFormat } from './event-ring.ts';
import { LiveReader, type Overflow } from './live-reader.ts';
import { eventsSchema } from './event-schemas.ts';
import { messageJson } from './message-json.ts';
import { requireOrigins } from './origin.ts';
import { snapshotOf } from './snapshot.ts';
import { jsonFrame, rawFrame } from './sse-frame.ts';
import { SessionStream } from './session-stream.ts';
import { StreamOutput } from './stream-output.ts';

export function addEvents(server: FastifyInstance, context: BridgeContext): void {
  const form = 'application/x-www-form-urlencoded';
  server.addContentTypeParser(form, { parseAs: 'string' }, (_request, body, done) =>
    done(null, formQuery(String(body))),
  );
  const config = { takesTickets: true } as const;
  server.get('/events', { schema: eventsSchema, config }, (request, reply) =>
    openStream(request.query, { request, reply, context }),
  );
  server.route({
    method: 'QUERY',
    url: '/events',
    handler: (request, reply) => openStream(queryIn(request.body), { request, reply, context }),
  });
}

/** A form, or JSON with the same members. */
function queryIn(body: unknown): object {
  if (body === undefined || body === null) return {};
  if (typeof body === 'object' && !(body instanceof Readable)) return body;
  throw new BridgeProblem('media-type-unsupported', 'the parameters of QUERY are a form');
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly context: BridgeContext;
}

interface StreamWish {
  readonly filters: readonly string[];
  readonly format: EventFormat;
  readonly overflow: Overflow;
  readonly qos: 0 | 1;
  readonly maximumRate: number | undefined;
  /** What was published there is left out. */
  readonly leftOutOrigin: string | undefined;
  readonly wantsSnapshot: boolean;
  /** Where the reader was before. */
  readonly cursor: string | undefined;
  /** The name of the session, where the broker keeps the place. */
  readonly session: string | undefined;
}

async function openStream(query: unknown, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply, context } = exchange;
  const wish = readWish(query, exchange);
  refuseImpossible(wish);
  for (const filter of wish.filters) request.principal.checkSubscribe(filter);
  context.streams.checkRoom(request.principal);
  // What it costs the broker, and no message after that.
  request.principal.spend(wish.filters.length, 0);
  const pool = poolOf(request, context);
  if (!pool.isConnected) throw pool.outage();
  if (wish.leftOutOrigin !== undefined) requireOrigins(pool);
  if (wish.session !== undefined) return openSession(wish.session, { wish, pool, exchange });
  const hub = context.hubs.of(pool).of(wish.qos);
  const output = new StreamOutput(reply.raw, context.config.streams.readerBufferBytes);
  const reader = new LiveReader({ ...wish, ring: hub.ring, output, dropped: context.metrics.dropped });
  const filters = await hub.open(wish.filters, reader);
  output.onClose(() => hub.leave(filters, reader));
  // It went away while the broker was asked.
  if (reply.raw.destroyed) hub.leave(filters, reader);
  reply.hijack();
  context.streams.add(output, request.principal, 'live');
  context.metrics.countAtEnd(request, reply);
  const start = { wish, hub, output, filters, pool, retained: context.retained.of(pool) };
  await begin(start, reader, request.id);
  return reply;
}

interface SessionStart {
  readonly wish: StreamWish;
  readonly pool: BrokerPool;
  readonly exchange: Exchange;
}

async function openSession(name: string, { wish, pool, exchange }: SessionStart): Promise<FastifyReply> {
  const { request, reply, context } = exchange;
  const config = context.config.streams;
  const stream = await SessionStream.open({ ...wish, pool, config, owner: request.principal.id, name });
  const output = new StreamOutput(reply.raw, config.readerBufferBytes);
  reply.hijack();
  context.streams.add(output, request.principal, 'session');
  context.metrics.countAtEnd(request, reply);
  output.open({ 'x-request-id': request.id });
  void stream.run(output, wish.cursor);
  return reply;
}

interface StreamStart {
  readonly wish: StreamWish;
  readonly hub: EventHub;
  readonly output: StreamOutput;
  readonly filters: readonly HubFilter[];
  readonly pool: BrokerPool;
  readonly retained: RetainedReader;
}

/** `ready`, what is retained, and then what comes. */
async function begin(start: StreamStart, reader: LiveReader, requestId: string): Promise<void> {
  const { wish, hub, output, filters } = start;
  const { ring } = hub;
  const resumption: Resumption | undefined = wish.cursor === undefined ? undefined : hub.resume(wish.cursor, filters);
  const position = resumption?.position ?? ring.last;
  const cursor = ring.cursor(position);
  const isResumed = resumption?.isComplete === true;
  output.open({ 'x-request-id': requestId, 'omqtt-stream-cursor': cursor });
  const grants = await Promise.all(filters.map(({ ready }) => ready));
  const subscriptions = grants.flat().map(({ filter, qos }) => ({ filter, grantedQos: qos, reasonCode: qos }));
  output.write(jsonFrame('ready', { subscriptions, mode: 'live', resumed: isResumed, cursor }));
  if (resumption?.isComplete === false) {
    const from = wish.cursor?.slice(0, 100);
    output.write(jsonFrame('gap', { reason: resumption.reason, from, missed: null }, cursor));
  }
  if (wish.wantsSnapshot && !isResumed) await sendSnapshot(start);
  reader.follow(filters, position);
}

/** Without ids: they are no places to go on from. */
async function sendSnapshot({ wish, output, retained }: StreamStart): Promise<void> {
  let messages = 0;
  for await (const { message, readAt } of snapshotOf(wish.filters, retained)) {
    const frame =
      wish.format === 'raw' ? rawFrame(message.payload) : jsonFrame('message', messageJson(message, readAt));
    if (output.hasRoom(frame.length)) output.write(frame);
    messages += 1;
  }
  output.write(jsonFrame('snapshot-end', { heuristic: true, messages }));
}

function readWish(query: unknown, { request, context }: Exchange): StreamWish {
  const header = request.headers['last-event-id'];
  const since = queryValue(query, 'since');
  const cursor = (typeof header === 'string' && header !== '' ? header : undefined) ?? since;
  return {
    filters: filtersOf(query, context.config.streams.maximumFilters),
    format: queryChoice(query, 'format', ['envelope', 'raw']),
    overflow: queryChoice(query, 'overflow', ['gap', 'conflate', 'disconnect']),
    qos: queryChoice(query, 'qos', ['1', '0']) === '0' ? 0 : 1,
    maximumRate: queryInteger(query, 'maxRate', { least: 1, most: 100_000 }),
    leftOutOrigin: originIn(query),
    wantsSnapshot: queryChoice(query, 'snapshot', ['retained', 'none']) === 'retained',
    cursor: cursor === 'now' ? undefined : cursor,
    session: queryChoice(query, 'mode', ['live', 'session']) === 'session' ? sessionNameOf(query) : undefined,
  };
}

/** `noLocal=<origin>`: any text that the caller also puts into the user property of what it publishes. */
function originIn(query: unknown): string | undefined {
  const origin = queryValue(query, 'noLocal');
  if (origin === undefined || /^[\x21-\x7e]{1,100}$/.test(origin)) return origin;
  throw new BridgeProblem('parameter-invalid', 'noLocal is an origin of 1 to 100 printable characters');
}

function refuseImpossible({ session, qos, overflow }: StreamWish): void {
  if (session === undefined) return;
  if (qos === 0) throw new BridgeProblem('parameter-invalid', 'a broker keeps nothing of QoS 0 for a session');
  if (overflow === 'gap') return;
  throw new BridgeProblem(
    'parameter-invalid',
    'a session has no overflow: the broker keeps what a reader does not take',
  );
}

function sessionNameOf(query: unknown): string {
  const name = queryValue(query, 'name') ?? '';
  if (/^[\w.-]{1,100}$/.test(name)) return name;
  throw new BridgeProblem('parameter-invalid', 'a session has a name of up to 100 letters, digits, dots and hyphens');
}

/** Like a query: what is repeated becomes a list. */
function formQuery(body: string): Record<string, string | string[]> {
  const form = new URLSearchParams(body);
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const values = form.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
