/**
 * One connection as the way for published messages: a window of messages without acknowledgement, a short bounded queue
 * before it, and a deadline for each. It knows what was handed to the client, so it can say what became of a message.
 */
import type { Client, PublishOptions, PublishReceipt } from 'omqtt';
import { BridgeProblem } from '../problems/problem.ts';
import { publishProblem } from '../problems/problem-of-error.ts';

export interface LaneMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly options: PublishOptions;
}

export interface LaneLimits {
  readonly maximumInFlight: number;
  readonly maximumWaiting: number;
  readonly maximumWaitingBytes: number;
}

export interface LaneParts {
  readonly client: Client;
  readonly broker: string;
  readonly limits: LaneLimits;
  /** Why there is no connection, and when the next attempt comes. */
  readonly outage: () => BridgeProblem;
}

interface Passage {
  readonly message: LaneMessage;
  readonly resolve: (receipt: PublishReceipt) => void;
  readonly reject: (problem: BridgeProblem) => void;
  readonly timer: NodeJS.Timeout;
  isSent: boolean;
  isSettled: boolean;
}

export class PublishLane {
  readonly #parts: LaneParts;
  #waiting: Passage[] = [];
  /** Handed to the client at the end of this turn. */
  #leaving: Passage[] = [];
  #waitingBytes = 0;
  #inFlight = 0;
  /** What the broker allows on this connection. */
  #window: number;

  constructor(parts: LaneParts) {
    this.#parts = parts;
    this.#window = parts.limits.maximumInFlight;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  publish(message: LaneMessage, timeoutMs: number): Promise<PublishReceipt> {
    const { client, outage } = this.#parts;
    if (!client.isConnected) return Promise.reject(outage());
    if (this.#inFlight >= this.#window && !this.#hasRoom(message)) return Promise.reject(this.#overloaded());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#expire(passage, timeoutMs), timeoutMs);
      const passage: Passage = { message, resolve, reject, timer, isSent: false, isSettled: false };
      if (this.#inFlight < this.#window) this.#send(passage);
      else this.#wait(passage);
    });
  }

  /** The connection stands, and this is what the broker takes at once. */
  connected(receiveMaximum: number): void {
    this.#window = Math.min(receiveMaximum, this.#parts.limits.maximumInFlight);
    this.#proceed();
  }

  /** The connection is gone: what was not sent yet will not be; what was sent has until its deadline. */
  disconnected(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const passage of waiting) this.#fail(passage, this.#parts.outage());
  }

  #hasRoom({ payload }: LaneMessage): boolean {
    const { maximumWaiting, maximumWaitingBytes } = this.#parts.limits;
    return this.#waiting.length < maximumWaiting && this.#waitingBytes + payload.length <= maximumWaitingBytes;
  }

  #wait(passage: Passage): void {
    this.#waiting.push(passage);
    this.#waitingBytes += passage.message.payload.length;
  }

  /** In this turn of the event loop others may follow: together they are one write to the broker. */
  #send(passage: Passage): void {
    this.#inFlight += 1;
    this.#leaving.push(passage);
    if (this.#leaving.length === 1) setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const leaving = this.#leaving;
    this.#leaving = [];
    for (const passage of leaving) this.#hand(passage);
  };

  #hand(passage: Passage): void {
    const { topic, payload, options } = passage.message;
    const { client, broker, outage } = this.#parts;
    if (passage.isSettled || !client.isConnected) {
      this.#leave();
      this.#fail(passage, outage());
      return;
    }
    passage.isSent = true;
    client.publish(topic, payload, options).then(
      (receipt) => this.#succeed(passage, receipt),
      (error: unknown) => {
        this.#leave();
        this.#fail(passage, publishProblem(error, broker));
      },
    );
  }

  #succeed(passage: Passage, receipt: PublishReceipt): void {
    this.#leave();
    if (!this.#isOver(passage)) passage.resolve(receipt);
  }

  #leave(): void {
    this.#inFlight -= 1;
    if (this.#waiting.length > 0) this.#proceed();
  }

  #proceed(): void {
    while (this.#inFlight < this.#window && this.#waiting.length > 0) {
      const passage = this.#waiting.shift();
      if (passage === undefined) return;
      this.#waitingBytes -= passage.message.payload.length;
      this.#send(passage);
    }
  }

  /** Its place in the window stays taken until the client is done with it: the broker still counts it. */
  #expire(passage: Passage, timeoutMs: number): void {
    if (passage.isSent) {
      const { broker } = this.#parts;
      const qos = passage.message.options.qos ?? 0;
      const detail = `QoS ${qos} PUBLISH sent; no acknowledgement within ${timeoutMs} ms`;
      this.#fail(
        passage,
        new BridgeProblem('ack-timeout', { detail, mqtt: { packet: 'PUBACK', reasonCode: null, broker } }),
      );
      return;
    }
    const index = this.#waiting.indexOf(passage);
    if (index >= 0) {
      this.#waiting.splice(index, 1);
      this.#waitingBytes -= passage.message.payload.length;
    }
    this.#fail(passage, this.#overloaded());
  }

  #fail(passage: Passage, problem: BridgeProblem): void {
    if (!this.#isOver(passage)) passage.reject(problem);
  }

  /** True when it had its outcome before; from now on it has one. */
  #isOver(passage: Passage): boolean {
    if (passage.isSettled) return true;
    passage.isSettled = true;
    clearTimeout(passage.timer);
    return false;
  }

  #overloaded(): BridgeProblem {
    return new BridgeProblem('overloaded', {
      detail: `${this.#inFlight} messages wait for the broker and ${this.#waiting.length} before them; try again later`,
      retryAfterMs: 1000,
    });
  }
}
