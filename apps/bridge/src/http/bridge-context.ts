/** What the routes work with. */
import type { Logger } from 'omqtt';
import type { Principal } from '../access/principal.ts';
import type { BrokerDirectory } from '../brokers/broker-directory.ts';
import { PerBroker } from '../brokers/per-broker.ts';
import type { BridgeConfig } from '../config/bridge-config.ts';
import { EventHub } from '../events/event-hub.ts';
import { StreamRegistry } from '../events/stream-registry.ts';
import { RetainedReader } from '../read/retained-reader.ts';

export interface BridgeContext {
  readonly config: BridgeConfig;
  readonly brokers: BrokerDirectory;
  readonly logger: Logger;
  readonly retained: PerBroker<RetainedReader>;
  readonly hubs: PerBroker<EventHub>;
  readonly streams: StreamRegistry;
  /** Set when the bridge is about to end: nothing new is begun. */
  isDraining: boolean;
}

export function makeContext(given: Pick<BridgeContext, 'config' | 'brokers' | 'logger'>): BridgeContext {
  const { config } = given;
  return {
    ...given,
    retained: new PerBroker((pool) => new RetainedReader(pool, config.retained)),
    hubs: new PerBroker((pool) => new EventHub(pool, config.streams)),
    streams: new StreamRegistry(config.streams),
    isDraining: false,
  };
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
}
