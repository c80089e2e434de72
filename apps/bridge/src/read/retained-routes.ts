/** What the broker retains: one topic as a resource, and lists by filter. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Message } from 'omqtt';
import { messageJson } from '../events/message-json.ts';
import { partsOf } from '../publish/topic-command.ts';
import { preferencesOf } from '../publish/header-parameters.ts';
import { addAllowance } from '../access/allowance-headers.ts';
import type { BridgeContext } from '../http/bridge-context.ts';
import { poolOf, filtersOf, queryInteger, queryValue, topicOf } from '../http/request-target.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { checkTopic } from '../publish/publisher.ts';
import type { ReadValue } from './last-values.ts';
import { TopicWatch } from './topic-watch.ts';
import { listSchema, readSchemas } from './retained-schemas.ts';
import { entityTagOf, matchesTag, sendEnvelope, sendPayload, wantsEnvelope } from './message-representation.ts';

export function addRetainedReading(server: FastifyInstance, context: BridgeContext): void {
  for (const [url, schemas] of [
    ['/topics/*', readSchemas.inPath] as const,
    ['/topics', readSchemas.inQuery] as const,
  ]) {
    for (const method of ['GET', 'HEAD'] as const) {
      const schema = schemas[method];
      server.route({ method, url, schema, handler: (request, reply) => readTopic(request, reply, context) });
    }
  }
  server.get('/retained', { schema: listSchema }, (request, reply) => list(request, reply, context));
}

async function readTopic(request: FastifyRequest, reply: FastifyReply, context: BridgeContext): Promise<FastifyReply> {
  const topic = topicOf(request);
  checkTopic(topic);
  request.principal.checkRead(topic);
  request.principal.spend(1, 0);
  addAllowance(request, reply);
  const { accept, 'if-none-match': known } = request.headers;
  const isEnvelope = wantsEnvelope(accept);
  // To be asked about each time, and answered with 304 where nothing has changed.
  reply.header('vary', 'accept').header('cache-control', 'no-cache');
  const isKnown = ({ message }: ReadValue): boolean => matchesTag(known, entityTagOf(message, isEnvelope));
  const value = await read(topic, isKnown, { request, reply, context });
  if (value === undefined) {
    const waitedMs = context.config.retained.waitMs;
    throw new BridgeProblem('no-retained', `the broker has sent no retained message within ${waitedMs} ms`);
  }
  const { message, readAt } = value;
  reply.header('etag', entityTagOf(message, isEnvelope));
  reply.header('age', Math.max(0, Math.floor((Date.now() - readAt) / 1000)));
  if (isKnown(value)) return reply.code(304).send();
  return isEnvelope ? sendEnvelope(reply, message, readAt) : sendPayload(reply, message);
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly context: BridgeContext;
}

/** `maxAge`: a value of up to so many seconds does. `wait`: so many seconds until there is one that is not known. */
async function read(
  topic: string,
  isKnown: (value: ReadValue) => boolean,
  { request, reply, context }: Exchange,
): Promise<ReadValue | undefined> {
  const pool = poolOf(request, context);
  const retained = context.retained.of(pool);
  const maximumAgeSeconds = queryInteger(request.query, 'maxAge', { least: 0, most: LONGEST_AGE_SECONDS }) ?? 0;
  const { waitMs = 0 } = preferencesOf(partsOf(request));
  if (waitMs === 0) return retained.readOne(topic, maximumAgeSeconds * 1000);
  context.streams.checkRoom(request.principal);
  if (!pool.isConnected) throw pool.outage();
  if (request.headers['prefer'] !== undefined) reply.header('preference-applied', `wait=${waitMs / 1000}`);
  const watch = new TopicWatch({
    hub: context.hubs.of(pool).of(1),
    retained,
    topic,
    waitMs: Math.min(waitMs, context.config.retained.maximumWaitMs),
    // Without a tag anything is news but that there is nothing; with one also that there is nothing any more.
    isNews: (value) => (value === undefined ? request.headers['if-none-match'] !== undefined : !isKnown(value)),
  });
  context.streams.add(watch, request.principal, 'wait');
  const onClose = (): void => watch.bye();
  reply.raw.once('close', onClose);
  return watch.wait().finally(() => reply.raw.off('close', onClose));
}

const LONGEST_AGE_SECONDS = 86_400;

const LARGEST_PAGE = 1000;
const USUAL_PAGE = 100;

/** By topic; a page begins after the last topic of the one before. */
async function list(request: FastifyRequest, reply: FastifyReply, context: BridgeContext): Promise<FastifyReply> {
  const { query, principal } = request;
  const [filter = ''] = filtersOf(query, 1);
  principal.checkRead(filter);
  principal.spend(1, 0);
  addAllowance(request, reply);
  const limit = queryInteger(query, 'limit', { least: 1, most: LARGEST_PAGE }) ?? USUAL_PAGE;
  const after = cursorTopic(queryValue(query, 'cursor'));
  const pool = poolOf(request, context);
  const { messages, isWhole, readAt } = await context.retained.of(pool).read(filter);
  const rest = byTopic(messages).filter(({ topic }) => after === undefined || topic > after);
  const page = rest.slice(0, limit).map((message) => messageJson(message, readAt));
  const cursor = rest.length > limit ? Buffer.from(page.at(-1)?.topic ?? '').toString('base64url') : null;
  if (request.headers.accept?.includes('application/x-ndjson') === true) {
    if (cursor !== null) reply.header('omqtt-cursor', cursor);
    return reply.type('application/x-ndjson').send(page.map((item) => `${JSON.stringify(item)}\n`).join(''));
  }
  // A broker cannot say that it has no more; it can only be seen that there was more than is allowed.
  const complete = isWhole ? 'unknown' : false;
  return reply.type('application/json; charset=utf-8').send(JSON.stringify({ messages: page, cursor, complete }));
}

function byTopic(messages: readonly Message[]): readonly Message[] {
  return messages.toSorted((a, b) => (a.topic < b.topic ? -1 : 1));
}

function cursorTopic(cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString();
}
