/** What the bridge counts, and what it looks up when it is asked. */
import type { FastifyInstance, FastifyReply, FastifyRequest, onResponseHookHandler } from 'fastify';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { BridgeContext } from '../http/bridge-context.ts';
import { Counter, gaugeText, Histogram } from './metrics.ts';

export class BridgeMetrics {
  readonly requests = new Counter('omqtt_http_requests_total', 'Requests by route, method and status.');
  readonly seconds = new Histogram('omqtt_http_request_duration_seconds', 'From the first byte to the answer.');
  readonly problems = new Counter('omqtt_problems_total', 'Answers that are problems, by their code.');
  readonly shed = new Counter('omqtt_shed_total', 'Requests refused because there was enough to do.');
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });

  /** Counts what this server answers. Streams count when they end. */
  watch(server: FastifyInstance): void {
    this.#delay.enable();
    // For each route one of its own, which knows its labels: to look them up costs more than to count.
    server.addHook('onRoute', (route) => {
      const count = this.#counting(route.url);
      route.onResponse = [route.onResponse ?? [], count].flat();
    });
  }

  /** For answers that belong to no route. */
  countUnknown(request: FastifyRequest, reply: FastifyReply): void {
    this.requests.add({ route: 'none', method: request.method, status: reply.statusCode });
    this.seconds.observe(reply.elapsedTime / 1000);
  }

  #counting(route: string): onResponseHookHandler {
    const byMethod = new Map<string, (() => void)[]>();
    return (request, reply, done) => {
      const { method } = request;
      const { statusCode: status } = reply;
      const byStatus = byMethod.get(method) ?? [];
      if (byStatus.length === 0) byMethod.set(method, byStatus);
      (byStatus[status] ??= this.requests.bound({ route, method, status }))();
      this.seconds.observe(reply.elapsedTime / 1000);
      done();
    };
  }

  close(): void {
    this.#delay.disable();
  }

  text(context: BridgeContext): string {
    const counted = [this.requests, this.seconds, this.problems, this.shed].map((metric) => metric.text());
    const delaySeconds = this.#delay.percentile(99) / 1e9;
    this.#delay.reset();
    return [
      ...counted,
      context.brokers.counts.text(),
      context.idempotency.counts.text(),
      ...brokerGauges(context),
      gaugeText('omqtt_identities', 'Callers with connections of their own.', [[{}, context.identities.size]]),
      gaugeText('omqtt_streams', 'Open event streams.', [[{}, context.streams.size]]),
      gaugeText('omqtt_event_loop_delay_seconds', 'The 99th percentile since it was last asked for.', [
        [{}, delaySeconds],
      ]),
    ].join('');
  }
}

function brokerGauges({ brokers, desks, hubs }: BridgeContext): string[] {
  const rows = brokers.all.map((pool) => {
    const lanes = pool.connections.map(({ lane }) => lane);
    const inFlight = lanes.reduce((sum, lane) => sum + lane.inFlight, 0);
    const waiting = lanes.reduce((sum, lane) => sum + lane.waiting, 0);
    return { labels: { broker: pool.name }, pool, inFlight, waiting };
  });
  const gauge = (name: string, help: string, valueOf: (row: (typeof rows)[number]) => number): string => {
    return gaugeText(
      name,
      help,
      rows.map((row) => [row.labels, valueOf(row)] as const),
    );
  };
  return [
    gauge('omqtt_broker_connected', '1 while there is a connection.', ({ pool }) => (pool.isConnected ? 1 : 0)),
    gauge('omqtt_inflight', 'Messages without acknowledgement.', ({ inFlight }) => inFlight),
    gauge('omqtt_waiting', 'Messages that wait for their turn.', ({ waiting }) => waiting),
    gauge('omqtt_rpc_pending', 'Requests that wait for their answers.', ({ pool }) => desks.of(pool).pending),
    gauge('omqtt_rpc_late_replies', 'Answers that nobody waited for any more.', ({ pool }) => desks.of(pool).late),
    gauge('omqtt_hub_filters', 'Filters that are subscribed to for streams.', ({ pool }) => hubs.of(pool).size),
  ];
}
