/** The facts of one connection. A snapshot stays true of its connection when the next one has begun. */
import type { ConnackProperties, ProtocolVersion } from '@omqtt/codec';
import type { ConnectionInfo } from '@omqtt/contracts';
import type { ServerLimits } from '../session/index.ts';

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
