/** Who am I, what may I do, and what can the brokers. */
import type { FastifyInstance } from 'fastify';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { BridgeContext } from './bridge-context.ts';
import { brokersSchema, whoamiSchema } from './introspection-schemas.ts';

export function addIntrospection(server: FastifyInstance, context: BridgeContext): void {
  server.get('/whoami', { schema: whoamiSchema }, ({ principal }) => ({
    id: principal.id,
    rules: principal.rules,
    expiresAt: Number.isFinite(principal.expiresAt) ? new Date(principal.expiresAt).toISOString() : null,
  }));
  server.get('/brokers', { schema: brokersSchema }, () => ({ brokers: context.brokers.all.map(describe) }));
}

/** Without its address: that is nobody's business here. */
function describe(pool: BrokerPool): object {
  const { snapshot } = pool.connections.find((connection) => connection.snapshot !== undefined) ?? {};
  return {
    name: pool.name,
    connected: pool.isConnected,
    version: pool.config.version,
    capabilities: snapshot === undefined ? null : capabilities(snapshot.limits),
  };
}

type Limits = NonNullable<BrokerPool['connections'][number]['snapshot']>['limits'];

function capabilities(limits: Limits): object {
  const { maximumPacketBytes } = limits;
  return {
    maximumQoS: limits.maximumQoS,
    retainAvailable: limits.retainAvailable,
    receiveMaximum: limits.receiveMaximum,
    maximumPacketBytes: Number.isFinite(maximumPacketBytes) ? maximumPacketBytes : null,
    wildcardSubscriptionAvailable: limits.wildcardSubscriptionAvailable,
    sharedSubscriptionAvailable: limits.sharedSubscriptionAvailable,
  };
}
