/** What the routes work with. */
import type { Logger } from 'omqtt';
import { Gate } from '../access/gate.ts';
import type { Principal } from '../access/principal.ts';
import { Tickets } from '../access/tickets.ts';
import type { BrokerDirectory } from '../brokers/broker-directory.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import { Identities } from '../brokers/identities.ts';
import { PerBroker } from '../brokers/per-broker.ts';
import type { BridgeConfig, BridgeParts } from '../config/bridge-config.ts';
import { EventHubs } from '../events/event-hubs.ts';
import { StreamRegistry } from '../events/stream-registry.ts';
import { Outbox } from '../outbox/outbox.ts';
import { Idempotency } from '../publish/idempotency.ts';
import { BridgeMetrics } from '../ops/bridge-metrics.ts';
import { RetainedReader } from '../read/retained-reader.ts';
import { RequestDesk } from '../requests/request-desk.ts';
import { Shedder } from './shedder.ts';

export interface BridgeContext {
  readonly config: BridgeConfig;
  readonly brokers: BrokerDirectory;
  readonly logger: Logger;
  readonly retained: PerBroker<RetainedReader>;
  readonly hubs: PerBroker<EventHubs>;
  readonly desks: PerBroker<RequestDesk>;
  readonly streams: StreamRegistry;
  readonly metrics: BridgeMetrics;
  readonly outbox: Outbox;
  readonly idempotency: Idempotency;
  readonly identities: Identities;
  readonly tickets: Tickets;
  readonly shedder: Shedder;
  /** Another one after the configuration was read anew. */
  gate: Gate;
  /** Set when the bridge will end soon: it is not ready, and does everything as before. */
  isLeaving: boolean;
  /** Set when the bridge is about to end: nothing new is begun. */
  isDraining: boolean;
}

type Given = Pick<BridgeContext, 'config' | 'brokers' | 'logger'> & Pick<BridgeParts, 'dial'>;

export function makeContext(given: Given): BridgeContext {
  const { dial, ...shared } = given;
  const { config, logger } = shared;
  const metrics = new BridgeMetrics();
  const retained = new PerBroker((pool) => new RetainedReader(pool, config.retained));
  const hubs = new PerBroker((pool) => new EventHubs(pool, config.streams));
  const desks = new PerBroker((pool) => new RequestDesk(pool, config.requests.maximumPending));
  const onClose = (pool: BrokerPool): void => {
    retained.forget(pool);
    desks.forget(pool);
    hubs.forget(pool)?.close();
  };
  const identities = new Identities({ config, logger, onClose, counts: shared.brokers.counts, ...(dial && { dial }) });
  return {
    ...shared,
    retained,
    hubs,
    desks,
    gate: new Gate(config.access, identities),
    identities,
    streams: new StreamRegistry(config.streams, metrics.lagBytes),
    metrics,
    outbox: new Outbox(config.outbox),
    idempotency: new Idempotency(config.idempotency),
    tickets: new Tickets(),
    shedder: new Shedder({ maximumDelayMs: config.http.maximumLoopDelayMs }),
    isLeaving: false,
    isDraining: false,
  };
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
    /** In milliseconds, by the clock of `performance`. */
    startedAt: number;
  }

  interface FastifyContextConfig {
    /** `?ticket=` may stand for credentials: browsers cannot send a header there. */
    readonly takesTickets?: true;
  }
}
