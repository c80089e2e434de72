/** Many messages in one request: each has its own outcome. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addAllowance } from '../access/allowance-headers.ts';
import type { BridgeContext } from '../http/bridge-context.ts';
import { poolOf } from '../http/request-target.ts';
import { problemOf } from '../http/problem-replies.ts';
import { BridgeProblem, problemBody, type ProblemDetail } from '../problems/problem.ts';
import { type Envelope, parseEnvelope } from './envelope.ts';
import { newMessageId } from './message-id.ts';
import { publishOnce, type PublishOnce } from './publish-once.ts';
import { checkCommand, type PublishResult, sendChecked, statusOf } from './publisher.ts';
import { batchSchema } from './publish-schemas.ts';

export function addBatchPublishing(server: FastifyInstance, context: BridgeContext): void {
  server.post('/publish/batch', { schema: batchSchema }, async (request, reply) =>
    publishBatch(request, reply, context),
  );
}

/** A message that is fit to be sent, or why it is not. */
type Item = Envelope | BridgeProblem;

async function publishBatch(
  request: FastifyRequest,
  reply: FastifyReply,
  context: BridgeContext,
): Promise<FastifyReply> {
  const { mode, messages } = readBatch(request.body, context.config.publish.maximumBatch);
  const items = messages.map((message, index) => readItem(message, index, request));
  if (mode === 'all-or-nothing') refuseAny(items);
  request.principal.spend(items.length, bytesOf(items));
  addAllowance(request, reply);
  const pool = poolOf(request, context);
  const parties = { context, pool, principal: request.principal };
  const results = await outcomesOf(items, parties);
  const failed = results.filter((result) => result instanceof BridgeProblem).length;
  const body = {
    accepted: results.length - failed,
    failed,
    results: results.map((result, index) => resultJson(result, index, request.id)),
  };
  return reply
    .code(failed === 0 ? 200 : 207)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}

interface Batch {
  readonly mode: 'per-item' | 'all-or-nothing';
  readonly messages: readonly unknown[];
}

function readBatch(body: unknown, maximum: number): Batch {
  const { mode = 'per-item', messages } = (body ?? {}) as { readonly mode?: unknown; readonly messages?: unknown };
  const errors: ProblemDetail[] = [];
  if (mode !== 'per-item' && mode !== 'all-or-nothing') {
    errors.push({ pointer: '/mode', detail: 'is per-item or all-or-nothing' });
  }
  if (!Array.isArray(messages)) errors.push({ pointer: '/messages', detail: 'is a list of messages' });
  else if (messages.length > maximum) {
    errors.push({ pointer: '/messages', detail: `has more than ${maximum} messages` });
  }
  if (errors.length > 0) throw new BridgeProblem('body-invalid', { detail: 'the batch is not valid', errors });
  return { mode: mode as Batch['mode'], messages: messages as readonly unknown[] };
}

function readItem(message: unknown, index: number, { principal }: FastifyRequest): Item {
  try {
    const envelope = parseEnvelope(message, `/messages/${index}`);
    checkCommand(envelope, { principal });
    return envelope;
  } catch (error) {
    return problemOf(error);
  }
}

/** Nothing is sent when one of them is wrong. */
function refuseAny(items: readonly Item[]): void {
  const errors = items.flatMap((item, index) => {
    if (!(item instanceof BridgeProblem)) return [];
    return item.facts.errors ?? [{ pointer: `/messages/${index}`, detail: item.facts.detail }];
  });
  if (errors.length === 0) return;
  throw new BridgeProblem('body-invalid', { detail: 'not all messages are valid, so none was sent', errors });
}

function bytesOf(items: readonly Item[]): number {
  return items.reduce((sum, item) => (item instanceof BridgeProblem ? sum : sum + item.payload.length), 0);
}

type Parties = Pick<PublishOnce, 'context' | 'pool' | 'principal'>;

/** One promise for all of them. */
function outcomesOf(items: readonly Item[], parties: Parties): Promise<readonly (PublishResult | BridgeProblem)[]> {
  return new Promise((resolve) => {
    const results: (PublishResult | BridgeProblem)[] = Array.from({ length: items.length });
    let open = items.length;
    const settle = (index: number, result: PublishResult | BridgeProblem): void => {
      results[index] = result;
      open -= 1;
      if (open === 0) resolve(results);
    };
    if (open === 0) resolve(results);
    items.forEach((item, index) => {
      const outcome = (result: PublishResult | BridgeProblem): void => settle(index, result);
      if (item instanceof BridgeProblem) outcome(item);
      else begin(item, parties, outcome);
    });
  });
}

function begin(item: Envelope, parties: Parties, outcome: (result: PublishResult | BridgeProblem) => void): void {
  const { context, pool } = parties;
  const id = newMessageId();
  const key = item.idempotencyKey;
  if (key === undefined) {
    sendChecked(item, { pool, config: context.config.publish, id }, { accepted: outcome, failed: outcome });
    return;
  }
  publishOnce(item, { ...parties, id, key }).then(outcome, (error: unknown) => outcome(problemOf(error)));
}

function resultJson(result: PublishResult | BridgeProblem, index: number, requestId: string): object {
  if (result instanceof BridgeProblem) {
    return { index, status: result.status, problem: problemBody(result, requestId) };
  }
  const { id, reasonCode, guarantee, matchingSubscribers, replayed } = result;
  const told = { index, status: statusOf(result), id, reasonCode, guarantee, matchingSubscribers };
  return replayed === true ? { ...told, replayed } : told;
}
