/** What a client is given to do, and what the processes of one comparison tell each other. */
import type { QoS } from '@omqtt/codec';

/**
 * Both limits send packets that were made before. `bare socket` is given whole chunks of them, the same again and again;
 * `bare socket, one by one` is given packets as a client is given messages.
 */
export type ClientContestant = 'omqtt' | 'MQTT.js' | 'bare socket' | 'bare socket, one by one';

export interface Load {
  readonly name: string;
  readonly kind: 'publish' | 'receive';
  readonly qos: QoS;
  readonly payloadBytes: number;
  /** What a client is given to publish. Default: bytes. */
  readonly payloadAs?: 'bytes' | 'text';
  /** How we hear of an answer; MQTT.js calls back in any case. Default: by promise. */
  readonly answeredBy?: 'promise' | 'callback';
  /** Messages without an answer at the same time; for QoS 0, calls that have not come back. */
  readonly window: number;
  readonly messages: number;
  /** How many times our CPU time MQTT.js should take, where a budget says so. */
  readonly budget?: number;
  /** The least share of the limit's CPU time in ours, where one is promised. */
  readonly ofLimit?: number;
}

export const TOPIC = 'bench/load';

/** What the load publishes. A text is as many bytes as it has letters. */
export function payloadOf({ payloadBytes, payloadAs = 'bytes' }: Load): Uint8Array | string {
  return payloadAs === 'text' ? 'x'.repeat(payloadBytes) : new Uint8Array(payloadBytes).fill(0x78);
}

/** A client under measurement, connected. */
export interface LoadClient {
  /** Resolves when the last message has been answered, or handed to the network. */
  publish(load: Load): Promise<void>;
  /** Resolves when as many messages as the load has have come. */
  receive(load: Load): Promise<Received>;
  /** Sends it at QoS 0; whoever listens gets it back. */
  send(payload: Uint8Array): void;
  listen(onPayload: (payload: Uint8Array) => void): Promise<void>;
}

export interface Received {
  readonly messages: number;
  readonly bytes: number;
}

/** To the process of a client. */
export type ClientCommand =
  | { readonly type: 'load'; readonly load: Load }
  | { readonly type: 'rate'; readonly perSecond: number; readonly seconds: number }
  /** Before a run what the run before left behind is swept, since it is not this one's to sweep. */
  | { readonly type: 'cpu'; readonly sweepFirst: boolean };

export type ClientReport =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly received: Received }
  | { readonly type: 'latencies'; readonly milliseconds: readonly number[] }
  | { readonly type: 'cpu'; readonly microseconds: number };

/** To the process at the other end; `to` is the client id. */
export type FarEndCommand =
  /** How many have come from the only client whose id begins so. */
  | { readonly type: 'count'; readonly to: string }
  | { readonly type: 'expect'; readonly to: ClientContestant; readonly messages: number }
  | { readonly type: 'blast'; readonly to: ClientContestant; readonly load: Load }
  | { readonly type: 'echo'; readonly to: ClientContestant };

export type FarEndReport =
  | { readonly type: 'port'; readonly port: number }
  | { readonly type: 'expecting' }
  | { readonly type: 'counted'; readonly received: Received }
  | { readonly type: 'arrived'; readonly received: Received }
  | { readonly type: 'blasted' };
