/** The facts of one connection. A snapshot stays true of its connection when the next one has begun. */
import type { ConnackPacket, ConnackProperties, ProtocolVersion } from '@omqtt/codec';
import type { ConnectionInfo } from '@omqtt/contracts';
import type { Agreement, ServerLimits } from '../session/index.ts';

export interface ConnectionSnapshot {
  /** Counts the connections of the client from 1. */
  readonly number: number;
  readonly version: ProtocolVersion;
  readonly clientId: string;
  readonly sessionPresent: boolean;
  /** As the server sent them. */
  readonly properties: ConnackProperties;
  readonly limits: ServerLimits;
  /** In force on this connection; 0 when off. */
  readonly keepAliveSeconds: number;
  readonly sessionExpirySeconds: number;
  readonly connectedAt: number;
  readonly transport: ConnectionInfo;
}

export interface SnapshotFacts extends Pick<
  ConnectionSnapshot,
  'number' | 'version' | 'clientId' | 'connectedAt' | 'transport'
> {
  readonly agreement: Agreement;
  readonly connack: ConnackPacket;
}

/** Frozen, because it is handed to everyone; the limits are so already. */
export function takeSnapshot({ agreement, connack, ...facts }: SnapshotFacts): ConnectionSnapshot {
  return Object.freeze({
    ...facts,
    sessionPresent: connack.sessionPresent,
    properties: Object.freeze({ ...connack.properties }),
    limits: agreement.limits,
    keepAliveSeconds: agreement.keepAliveMs / 1000,
    sessionExpirySeconds: agreement.expirySeconds,
  });
}
