/**
 * One connection as the way for published messages: a window of messages without acknowledgement, a short bounded queue
 * before it, and a deadline for each. It knows what was handed to the client, so it can say what became of a message.
 */
import type { Client, PublishOptions, PublishReceipt } from 'omqtt';
import { BridgeProblem } from '../problems/problem.ts';
import { publishProblem } from '../problems/problem-of-error.ts';
import type { CountsOfBroker } from './broker-counts.ts';
import { type Dated, type DeadlineList, Deadlines } from './deadlines.ts';

export interface LaneMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly options: PublishOptions;
}

export interface LaneLimits {
  readonly maximumInFlight: number;
  readonly maximumInFlightBytes: number;
  readonly maximumWaiting: number;
  readonly maximumWaitingBytes: number;
}

export interface LaneParts {
  readonly client: Client;
  readonly broker: string;
  readonly limits: LaneLimits;
  readonly counts: CountsOfBroker;
  /** Why there is no connection, and when the next attempt comes. */
  readonly outage: () => BridgeProblem;
}

/** Who waits for what becomes of a message. One of the two is called, once, and never before `publish` has returned. */
export interface LaneOutcome {
  /** `tookMs`: since it was asked for. */
  accepted(receipt: PublishReceipt, tookMs: number): void;
  failed(problem: BridgeProblem): void;
}

export class PublishLane {
  readonly #parts: LaneParts;
  readonly #deadlines = new Deadlines((passage) => this.#expire(passage as Passage));
  #waiting: Passage[] = [];
  /** Handed to the client at the end of this turn. */
  #leaving: Passage[] = [];
  #waitingBytes = 0;
  #inFlight = 0;
  #inFlightBytes = 0;
  /** What the broker allows on this connection. */
  #window: number;

  constructor(parts: LaneParts) {
    this.#parts = parts;
    this.#window = parts.limits.maximumInFlight;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Of their payloads, with those that wait. */
  get bytes(): number {
    return this.#inFlightBytes + this.#waitingBytes;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  publish(message: LaneMessage, timeoutMs: number, outcome: LaneOutcome): void {
    const { client, outage } = this.#parts;
    if (!client.isConnected) {
      this.#refuse(message, outcome, outage());
      return;
    }
    // Nothing overtakes what waits, so that a topic keeps its order.
    const isOpen = this.#waiting.length === 0 && this.#isOpenFor(message);
    if (!isOpen && !this.#hasRoom(message)) {
      this.#refuse(message, outcome, this.#overloaded());
      return;
    }
    const passage = new Passage(message, timeoutMs, outcome);
    this.#deadlines.add(passage, timeoutMs, passage.startedAt);
    if (isOpen) this.#send(passage);
    else this.#wait(passage);
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

  /** A message that is larger than all that may be on its way passes alone. */
  #isOpenFor({ payload }: LaneMessage): boolean {
    if (this.#inFlight >= this.#window) return false;
    const bytes = this.#inFlightBytes + payload.length;
    return bytes <= this.#parts.limits.maximumInFlightBytes || this.#inFlight === 0;
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
    this.#inFlightBytes += passage.message.payload.length;
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
      this.#leave(passage);
      this.#fail(passage, outage());
      return;
    }
    passage.isSent = true;
    client.publish(topic, payload, options, (error, receipt) => {
      this.#leave(passage);
      if (receipt === undefined) this.#fail(passage, publishProblem(error, broker));
      else this.#succeed(passage, receipt);
    });
  }

  #succeed(passage: Passage, receipt: PublishReceipt): void {
    if (!settle(passage)) return;
    const tookMs = performance.now() - passage.startedAt;
    this.#parts.counts.accepted(receipt.qos, receipt.reasonCode, tookMs);
    passage.outcome.accepted(receipt, tookMs);
  }

  #fail(passage: Passage, problem: BridgeProblem): void {
    if (!settle(passage)) return;
    this.#parts.counts.failed(passage.message.options.qos ?? 0, problem);
    passage.outcome.failed(problem);
  }

  #refuse({ options }: LaneMessage, outcome: LaneOutcome, problem: BridgeProblem): void {
    this.#parts.counts.failed(options.qos ?? 0, problem);
    queueMicrotask(() => outcome.failed(problem));
  }

  #leave({ message }: Passage): void {
    this.#inFlight -= 1;
    this.#inFlightBytes -= message.payload.length;
    if (this.#waiting.length > 0) this.#proceed();
  }

  #proceed(): void {
    for (let [passage] = this.#waiting; passage !== undefined; [passage] = this.#waiting) {
      if (!this.#isOpenFor(passage.message)) return;
      this.#waiting.shift();
      this.#waitingBytes -= passage.message.payload.length;
      this.#send(passage);
    }
  }

  /** Its place in the window stays taken until the client is done with it: the broker still counts it. */
  #expire(passage: Passage): void {
    if (passage.isSent) {
      const { broker } = this.#parts;
      const qos = passage.message.options.qos ?? 0;
      const detail = `QoS ${qos} PUBLISH sent; no acknowledgement within ${passage.timeoutMs} ms`;
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
    // A smaller one may have waited behind it.
    this.#proceed();
  }

  #overloaded(): BridgeProblem {
    return new BridgeProblem('overloaded', {
      detail: `${this.#inFlight} messages wait for the broker and ${this.#waiting.length} before them; try again later`,
      retryAfterMs: 1000,
    });
  }
}

/** A message on its way. */
class Passage implements Dated {
  readonly message: LaneMessage;
  readonly timeoutMs: number;
  readonly outcome: LaneOutcome;
  readonly startedAt: number = performance.now();
  isSent = false;
  isSettled = false;
  dueAt = 0;
  earlier: Dated | undefined;
  later: Dated | undefined;
  list: DeadlineList | undefined;

  constructor(message: LaneMessage, timeoutMs: number, outcome: LaneOutcome) {
    this.message = message;
    this.timeoutMs = timeoutMs;
    this.outcome = outcome;
  }
}

/** False when it had its outcome before; from now on it has one. */
function settle(passage: Passage): boolean {
  if (passage.isSettled) return false;
  passage.isSettled = true;
  passage.list?.remove(passage);
  return true;
}
