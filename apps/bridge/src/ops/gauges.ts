/** What is looked up when somebody asks for it. */
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { PublishLane } from '../brokers/publish-lane.ts';
import type { BridgeContext } from '../http/bridge-context.ts';
import { STREAM_MODES } from '../events/stream-registry.ts';
import { counterText, gaugeText } from './metrics.ts';

export function gauges(context: BridgeContext): readonly string[] {
  const { identities, streams } = context;
  const modes = STREAM_MODES.map((mode) => [{ mode }, streams.countOf(mode)] as const);
  return [
    ...brokerGauges(context),
    ...outboxGauges(context),
    gaugeText('omqtt_identities', 'Callers with connections of their own.', [[{}, identities.size]]),
    gaugeText('omqtt_streams', 'Open streams and sockets, and questions that wait for a change.', modes),
  ];
}

type Row = readonly [name: string, help: string, valueOf: (pool: BrokerPool) => number];

function brokerGauges({ brokers, desks, hubs }: BridgeContext): readonly string[] {
  const lookUps: readonly Row[] = [
    ['omqtt_broker_connected', '1 while there is a connection.', ({ isConnected }) => Number(isConnected)],
    ['omqtt_inflight', 'Messages without acknowledgement.', (pool) => sumOf(pool, ({ inFlight }) => inFlight)],
    ['omqtt_waiting', 'Messages that wait for their turn.', (pool) => sumOf(pool, ({ waiting }) => waiting)],
    ['omqtt_inflight_bytes', 'Payloads of both.', (pool) => sumOf(pool, ({ bytes }) => bytes)],
    ['omqtt_rpc_pending', 'Requests that wait for their answers.', (pool) => desks.of(pool).pending],
    ['omqtt_hub_filters', 'Filters that are subscribed to for streams.', (pool) => hubs.of(pool).size],
  ];
  const late = brokers.all.map((pool) => [{ broker: pool.name }, desks.of(pool).late] as const);
  return [
    ...lookUps.map((row) => perBroker(row, brokers.all)),
    counterText('omqtt_rpc_late_replies_total', 'Answers that nobody waited for any more.', late),
  ];
}

function outboxGauges({ brokers, outbox }: BridgeContext): readonly string[] {
  if (!outbox.isEnabled) return [];
  const lookUps: readonly Row[] = [
    ['omqtt_outbox_depth', 'Messages on disk that the broker does not have.', ({ name }) => outbox.waiting(name).depth],
    [
      'omqtt_outbox_age_seconds',
      'Of the oldest of them that this process has accepted.',
      ({ name }) => outbox.waiting(name).ageSeconds,
    ],
  ];
  return lookUps.map((row) => perBroker(row, brokers.all));
}

function perBroker([name, help, valueOf]: Row, pools: readonly BrokerPool[]): string {
  return gaugeText(
    name,
    help,
    pools.map((pool) => [{ broker: pool.name }, valueOf(pool)] as const),
  );
}

function sumOf({ connections }: BrokerPool, valueOf: (lane: PublishLane) => number): number {
  return connections.reduce((sum, { lane }) => sum + valueOf(lane), 0);
}
