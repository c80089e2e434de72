/** What the broker has counted since it started. */
export interface Counters {
  /** CONNECT packets that were accepted. */
  connectionsAccepted: number;
  /** CONNECT packets that were refused. */
  connectionsRefused: number;
  /** Connections that were ended because of what the client did. */
  protocolErrors: number;
  bytesReceived: number;
  bytesSent: number;
  packetsReceived: number;
  packetsSent: number;
  publishReceived: number;
  publishSent: number;
  /** Messages that a subscriber did not get because a limit was reached, or because they were too large for it. */
  publishDropped: number;
  /** Messages that expired before they were sent. */
  publishExpired: number;
}

export function newCounters(): Counters {
  return {
    connectionsAccepted: 0,
    connectionsRefused: 0,
    protocolErrors: 0,
    bytesReceived: 0,
    bytesSent: 0,
    packetsReceived: 0,
    packetsSent: 0,
    publishReceived: 0,
    publishSent: 0,
    publishDropped: 0,
    publishExpired: 0,
  };
}
