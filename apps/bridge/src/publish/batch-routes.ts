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
import { checkCommand, type Outcome, type PublishResult, sendChecked } from './publisher.ts';
import { batchSchema } from './publish-schemas.ts';
import { itemText } from './result-text.ts';

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
  const results = new Results(items.length, request.id);
  const parties = { context, pool, principal: request.principal };
  items.forEach((item, index) => {
    const outcome = new ItemOutcome(results, index);
    if (item instanceof BridgeProblem) outcome.failed(item);
    else begin(item, parties, outcome);
  });
  await results.complete;
  return reply
    .code(results.failed === 0 ? 200 : 207)
    .type('application/json; charset=utf-8')
    .send(results.text());
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

function begin(item: Envelope, parties: Parties, outcome: ItemOutcome): void {
  const { context, pool } = parties;
  const id = newMessageId();
  const key = item.idempotencyKey;
  if (key === undefined) {
    sendChecked(item, { pool, config: context.config.publish, id }, outcome);
    return;
  }
  publishOnce(item, { ...parties, id, key }).then(
    (result) => outcome.accepted(result),
    (error: unknown) => outcome.failed(problemOf(error)),
  );
}

/** What became of each, as text from the moment on when it is known. One promise for all of them. */
class Results {
  /** All are known. */
  readonly complete: Promise<void>;
  readonly #requestId: string;
  readonly #texts: string[];
  #open: number;
  #failed = 0;
  #finish: () => void = doNothing;

  constructor(count: number, requestId: string) {
    this.#requestId = requestId;
    this.#texts = Array.from({ length: count }, () => '');
    this.#open = count;
    this.complete = new Promise((resolve) => {
      if (count === 0) resolve();
      else this.#finish = resolve;
    });
  }

  get failed(): number {
    return this.#failed;
  }

  accept(index: number, result: PublishResult): void {
    this.#add(index, itemText(index, result));
  }

  refuse(index: number, problem: BridgeProblem): void {
    this.#failed += 1;
    const { status } = problem;
    this.#add(index, JSON.stringify({ index, status, problem: problemBody(problem, this.#requestId) }));
  }

  text(): string {
    const accepted = this.#texts.length - this.#failed;
    return `{"accepted":${accepted},"failed":${this.#failed},"results":[${this.#texts.join(',')}]}`;
  }

  #add(index: number, text: string): void {
    this.#texts[index] = text;
    this.#open -= 1;
    if (this.#open === 0) this.#finish();
  }
}

class ItemOutcome implements Outcome {
  readonly #results: Results;
  readonly #index: number;

  constructor(results: Results, index: number) {
    this.#results = results;
    this.#index = index;
  }

  accepted(result: PublishResult): void {
    this.#results.accept(this.#index, result);
  }

  failed(problem: BridgeProblem): void {
    this.#results.refuse(this.#index, problem);
  }
}

function doNothing(): void {
  // Until somebody waits.
}
