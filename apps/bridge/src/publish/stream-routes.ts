/**
 * Messages without end: a line of JSON each, published as they come. The answer has a line for each that failed, and
 * always ends with a summary; where that is missing, the answer was cut off.
 */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BridgeContext } from '../http/bridge-context.ts';
import { problemOf } from '../http/problem-replies.ts';
import { poolOf } from '../http/request-target.ts';
import { BridgeProblem, problemBody } from '../problems/problem.ts';
import { parseEnvelope } from './envelope.ts';
import { linesOf } from './lines.ts';
import { newMessageId } from './message-id.ts';
import { publishOnce } from './publish-once.ts';
import { checkCommand, type PublishResult, statusOf } from './publisher.ts';
import { streamSchema } from './publish-schemas.ts';

const MEDIA_TYPE = 'application/x-ndjson';

export function addStreamPublishing(server: FastifyInstance, context: BridgeContext): void {
  server.addContentTypeParser(MEDIA_TYPE, (_request, payload, done) => done(null, payload));
  server.post('/publish/stream', { schema: streamSchema }, (request, reply) => publishStream(request, reply, context));
}

function publishStream(request: FastifyRequest, reply: FastifyReply, context: BridgeContext): FastifyReply {
  if (!(request.body instanceof Readable)) {
    throw new BridgeProblem('media-type-unsupported', `the body is ${MEDIA_TYPE}: one envelope a line`);
  }
  const receipts = new Receipts(request, context);
  return reply.type(MEDIA_TYPE).send(Readable.from(receipts.of(request.body)));
}

class Receipts {
  readonly #request: FastifyRequest;
  readonly #context: BridgeContext;
  readonly #wantsAll: boolean;
  /** Lines of the answer that are not written yet. */
  #lines: string[] = [];
  #received = 0;
  #failed = 0;
  #open = 0;
  #wake: () => void = doNothing;

  constructor(request: FastifyRequest, context: BridgeContext) {
    this.#request = request;
    this.#context = context;
    this.#wantsAll = /(?:^|,)\s*receipts=all\s*(?:,|$)/i.test(String(request.headers['prefer'] ?? ''));
  }

  /** The answer is read as slowly as its reader wants, and so is the request. */
  async *of(body: Readable): AsyncGenerator<string, void> {
    const { maximumBatch } = this.#context.config.publish;
    try {
      for await (const line of linesOf(body, this.#context.config.http.bodyLimitBytes)) {
        if (line.trim() !== '') this.#begin(line);
        while (this.#open >= maximumBatch) await this.#change();
        yield* this.#takeLines();
      }
    } catch (error) {
      this.#received += 1;
      this.#note(this.#received, problemOf(error));
    }
    while (this.#open > 0) await this.#change();
    yield* this.#takeLines();
    const accepted = this.#received - this.#failed;
    yield `${JSON.stringify({ summary: true, received: this.#received, accepted, failed: this.#failed })}\n`;
  }

  #begin(line: string): void {
    this.#received += 1;
    this.#open += 1;
    const number = this.#received;
    this.#publish(line)
      .then((result) => this.#note(number, result))
      .catch((error: unknown) => this.#note(number, problemOf(error)))
      .finally(() => {
        this.#open -= 1;
        this.#wake();
      })
      .catch(doNothing);
  }

  async #publish(line: string): Promise<PublishResult> {
    const { principal } = this.#request;
    const envelope = parseEnvelope(jsonOf(line));
    checkCommand(envelope, { principal });
    principal.spend(1, envelope.payload.length);
    const pool = poolOf(this.#request, this.#context);
    const key = envelope.idempotencyKey;
    return publishOnce(envelope, { context: this.#context, pool, principal, id: newMessageId(), key });
  }

  #note(line: number, result: PublishResult | BridgeProblem): void {
    if (result instanceof BridgeProblem) {
      this.#failed += 1;
      this.#context.metrics.countRefusal(result);
      this.#add({ line, status: result.status, problem: problemBody(result, this.#request.id) });
    } else if (this.#wantsAll) {
      const { id, reasonCode, replayed } = result;
      this.#add({ line, status: statusOf(result), id, reasonCode, ...(replayed === true && { replayed }) });
    }
  }

  #add(receipt: object): void {
    this.#lines.push(`${JSON.stringify(receipt)}\n`);
  }

  #takeLines(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    throw new BridgeProblem('body-invalid', 'the line is not JSON');
  }
}

function doNothing(): void {
  // Nothing to do.
}
