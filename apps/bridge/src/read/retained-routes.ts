/** What the broker retains: one topic as a resource, and lists by filter. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Message } from 'omqtt';
import { messageJson } from '../events/message-json.ts';
import type { BridgeContext } from '../http/bridge-context.ts';
import { brokerNameOf, filtersOf, queryInteger, queryValue, topicOf } from '../http/request-target.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { checkTopic } from '../publish/publisher.ts';
import { entityTagOf, matchesTag, sendEnvelope, sendPayload, wantsEnvelope } from './message-representation.ts';

export function addRetainedReading(server: FastifyInstance, context: BridgeContext): void {
  for (const url of ['/topics/*', '/topics']) {
    server.route({ method: ['GET', 'HEAD'], url, handler: (request, reply) => readTopic(request, reply, context) });
  }
  server.get('/retained', (request, reply) => list(request, reply, context));
}

async function readTopic(request: FastifyRequest, reply: FastifyReply, context: BridgeContext): Promise<FastifyReply> {
  const topic = topicOf(request);
  checkTopic(topic);
  request.principal.checkRead(topic);
  const pool = context.brokers.find(brokerNameOf(request));
  const message = await context.retained.of(pool).readOne(topic);
  if (message === undefined) {
    const waitedMs = context.config.retained.waitMs;
    throw new BridgeProblem('no-retained', `the broker has sent no retained message within ${waitedMs} ms`);
  }
  const tag = entityTagOf(message);
  // To be asked about each time, and answered with 304 where nothing has changed.
  reply.header('etag', tag).header('cache-control', 'no-cache');
  if (matchesTag(request.headers['if-none-match'], tag)) return reply.code(304).send();
  const { accept } = request.headers;
  reply.header('vary', 'accept');
  return wantsEnvelope(accept) ? sendEnvelope(reply, message, Date.now()) : sendPayload(reply, message);
}

const LARGEST_PAGE = 1000;
const USUAL_PAGE = 100;

/** By topic; a page begins after the last topic of the one before. */
async function list(request: FastifyRequest, reply: FastifyReply, context: BridgeContext): Promise<FastifyReply> {
  const { query, principal } = request;
  const [filter = ''] = filtersOf(query, 1);
  principal.checkRead(filter);
  const limit = queryInteger(query, 'limit', { least: 1, most: LARGEST_PAGE }) ?? USUAL_PAGE;
  const after = cursorTopic(queryValue(query, 'cursor'));
  const pool = context.brokers.find(brokerNameOf(request));
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
