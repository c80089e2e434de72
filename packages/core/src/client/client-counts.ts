/** What a client is busy with, and what it has done: for dashboards and back-pressure. */
import type { Session, SessionCounts } from '../session/index.ts';
import type { Connector } from './connector.ts';
import type { Driver } from './driver.ts';
import type { Operations } from './operations.ts';
import type { Publishing } from './publishing.ts';
import type { Subscribing } from './subscribing.ts';

export interface ClientCounts extends SessionCounts {
  /** Calls that wait for an outcome. */
  readonly operations: number;
  /** Publishers that wait for room. */
  readonly publishers: number;
  /** Messages that no subscription wanted. */
  readonly unrouted: number;
  /** Messages that wait for their subscription to be declared. */
  readonly held: number;
  /** Received messages that found the buffer of their subscription full. */
  readonly dropped: number;
  /** Messages that were to be sent, and gave way to others. */
  readonly droppedOutbound: number;
  readonly connections: number;
  readonly reconnects: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

export interface CountedParts {
  readonly session: Session;
  readonly driver: Driver;
  readonly operations: Operations;
  readonly connector: Connector;
  readonly publishing: Publishing;
  readonly subscribing: Subscribing;
}

export function countsOf({
  session,
  driver,
  operations,
  connector,
  publishing,
  subscribing,
}: CountedParts): ClientCounts {
  const { connections } = connector;
  return {
    ...session.counts,
    ...driver.traffic,
    operations: operations.size,
    publishers: publishing.waiting,
    unrouted: subscribing.unrouted,
    held: subscribing.held,
    dropped: subscribing.dropped,
    droppedOutbound: driver.dropped,
    connections,
    reconnects: Math.max(0, connections - 1),
  };
}
