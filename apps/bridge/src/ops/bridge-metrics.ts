/** What the bridge counts. What it only has to look up is in `gauges.ts`. */
import type { FastifyInstance, FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { BridgeContext } from '../http/bridge-context.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { gauges } from './gauges.ts';
import { BYTES, Counter, gaugeText, Histogram } from './metrics.ts';

export class BridgeMetrics {
  readonly requests = new Counter('omqtt_http_requests_total', 'Requests by route, method and status.');
  readonly seconds = new Histogram('omqtt_http_request_duration_seconds', 'From the head of a request to its answer.');
  readonly problems = new Counter('omqtt_problems_total', 'Answers that are problems, by their code.');
  readonly shed = new Counter('omqtt_shed_total', 'Requests refused because there was enough to do.');
  readonly rateLimited = new Counter('omqtt_rate_limited_total', 'What was more than a caller may, by the limit.');
  readonly authFailures = new Counter('omqtt_auth_failures_total', 'Answers 401, by the kind of the credentials.');
  readonly dropped = new Counter('omqtt_stream_dropped_total', 'Messages that readers of live streams have missed.');
  readonly lagBytes = new Histogram(
    'omqtt_stream_lag_bytes',
    'What waits for the reader of each open stream, looked at once a second.',
    BYTES,
  );
  readonly rpcSeconds = new Histogram('omqtt_rpc_seconds', 'Requests over MQTT, from the wish to what became of them.');
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });
  readonly #routes = new Map<string, CountAnswer>();

  /** Counts what this server answers. */
  watch(server: FastifyInstance): void {
    this.#delay.enable();
    // Not when the answer has left (`onResponse`): that costs each request four listeners.
    server.addHook('onRoute', (route) => {
      route.onSend = [route.onSend ?? [], this.#counting(route.url)].flat();
    });
  }

  /** For answers that belong to no route. */
  countUnknown(request: FastifyRequest, reply: FastifyReply): void {
    this.#countOf('none')(request, reply.statusCode);
  }

  /** For what becomes something else than an answer. */
  countAs(status: number, request: FastifyRequest): void {
    this.#countOf(request.routeOptions.url ?? 'none')(request, status);
  }

  /** For streams: they count when they end. */
  countAtEnd(request: FastifyRequest, reply: FastifyReply): void {
    reply.raw.once('close', () => this.countAs(reply.raw.statusCode, request));
  }

  countProblem(problem: BridgeProblem): void {
    this.problems.add({ code: problem.code });
    this.countRefusal(problem);
  }

  /** Of a whole request, or of a part of it. */
  countRefusal({ code, facts: { extra } }: BridgeProblem): void {
    if (code === 'overloaded') this.shed.add({ cause: extra?.['cause'] === 'event-loop' ? 'event-loop' : 'in-flight' });
    if (code === 'rate-limited') this.rateLimited.add({ kind: extra?.['limit'] === 'bytes' ? 'bytes' : 'messages' });
    if (code === 'stream-limit') this.rateLimited.add({ kind: 'streams' });
  }

  /** Passes on what becomes of it. */
  async timeRequest<Answer>(asked: Promise<Answer>): Promise<Answer> {
    const startedAt = performance.now();
    let outcome = 'answered';
    try {
      return await asked;
    } catch (error) {
      outcome = error instanceof BridgeProblem ? error.code : 'internal-error';
      throw error;
    } finally {
      this.rpcSeconds.observeWith({ outcome }, (performance.now() - startedAt) / 1000);
    }
  }

  close(): void {
    this.#delay.disable();
  }

  text(context: BridgeContext): string {
    const { requests, seconds, problems, shed, rateLimited, authFailures, dropped, lagBytes, rpcSeconds } = this;
    const own = [requests, seconds, problems, shed, rateLimited, authFailures, dropped, lagBytes, rpcSeconds];
    const delaySeconds = this.#delay.percentile(99) / 1e9;
    this.#delay.reset();
    return [
      ...own.map((metric) => metric.text()),
      context.brokers.counts.text(),
      context.idempotency.counts.text(),
      ...gauges(context),
      gaugeText('omqtt_event_loop_delay_seconds', 'The 99th percentile since it was last asked for.', [
        [{}, delaySeconds],
      ]),
    ].join('');
  }

  #counting(route: string): onSendHookHandler {
    const count = this.#countOf(route);
    // eslint-disable-next-line max-params -- the form of Fastify's hooks that costs no promise
    return (request, reply, payload, done) => {
      if (isStream(payload)) this.countAtEnd(request, reply);
      else count(request, reply.statusCode);
      done();
    };
  }

  /** Each route has its own, which knows its labels: to look them up costs more than to count. */
  #countOf(route: string): CountAnswer {
    const known = this.#routes.get(route);
    if (known !== undefined) return known;
    const byMethod = new Map<string, (() => void)[]>();
    const count: CountAnswer = ({ method, startedAt }, status) => {
      const byStatus = byMethod.get(method) ?? [];
      if (byStatus.length === 0) byMethod.set(method, byStatus);
      (byStatus[status] ??= this.requests.bound({ route, method, status }))();
      // Zero: it was refused before its hooks.
      this.seconds.observe(startedAt === 0 ? 0 : (performance.now() - startedAt) / 1000);
    };
    this.#routes.set(route, count);
    return count;
  }
}

type CountAnswer = (request: Pick<FastifyRequest, 'method' | 'startedAt'>, status: number) => void;

function isStream(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'pipe' in payload;
}
