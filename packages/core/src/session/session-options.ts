/** What a session is made with. The client resolves and checks the options; here they are complete. */
export interface SessionOptions {
  /** How many QoS 1 and 2 messages the server may leave unacknowledged. */
  readonly receiveMaximum: number;
  /** How many to have on their way at once, whatever the server allows. Default: 20 in 3.1.1, which cannot ask; else 65 535. */
  readonly sendMaximum?: number | undefined;
  /** The highest alias that the server may use. */
  readonly topicAliasMaximum: number;
  /** How many aliases to use at most, whatever the server allows. */
  readonly outboundAliases: number;
  /** A ping without an answer, and without anything else, for so long ends the connection. */
  readonly pingTimeoutMs: number;
  /** What may wait to be sent. */
  readonly queue: QueueOptions;
  /** What becomes of messages that were on their way when the server lost the session. */
  readonly whenLost: WhenLost;
  /** Take over a session that the server resumes and this side knows nothing of, against [MQTT-3.2.2-4]. */
  readonly adopt: boolean;
  /** There is a store, so changes are worth telling. */
  readonly persists: boolean;
}

/** What becomes of messages that were on their way when the server lost the session. */
export interface WhenLost {
  readonly qos1: 'republish' | 'fail';
  readonly qos2: 'republish' | 'fail';
}

/** How many messages may wait to be sent, and what happens to one more. */
export interface QueueOptions {
  /** How many messages may wait. */
  readonly maxMessages: number;
  /** Counts topics and payloads. */
  readonly maxBytes: number;
  /** What happens to one more. */
  readonly whenFull: WhenFull;
  /** What becomes of a QoS 0 message while there is no connection. */
  readonly qos0: 'drop' | 'queue';
}

export type WhenFull = 'wait' | 'reject' | 'drop-oldest' | 'drop-newest' | 'latest-per-topic';
