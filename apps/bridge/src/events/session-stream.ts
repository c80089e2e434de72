/**
 * A stream whose place is kept by the broker: the session of the caller and its name. Each message is acknowledged when
 * it has left for the reader; what was not is delivered again to the next one, whichever replica it reaches.
 */
import { createHash } from 'node:crypto';
import type { Message, Subscription } from 'omqtt';
import type { BrokerLink } from '../brokers/broker-link.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { StreamsConfig } from '../config/bridge-config.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { subscribeProblem } from '../problems/problem-of-error.ts';
import type { EventFormat } from './event-ring.ts';
import { messageJson } from './message-json.ts';
import { originOf } from './origin.ts';
import { Pace } from './pace.ts';
import { jsonFrame, rawFrame } from './sse-frame.ts';
import type { StreamOutput } from './stream-output.ts';

export interface SessionWish {
  readonly pool: BrokerPool;
  readonly config: StreamsConfig;
  readonly owner: string;
  readonly name: string;
  readonly filters: readonly string[];
  readonly format: EventFormat;
  /** Messages a second. */
  readonly maximumRate: number | undefined;
  /** What was published there does not come back. */
  readonly leftOutOrigin: string | undefined;
}

/** Another reader has come with the same name; this one must not take the session back. */
const TAKEN_OVER = 0x8e;

export class SessionStream {
  readonly #wish: SessionWish;
  readonly #link: BrokerLink;
  readonly #subscription: Subscription;
  readonly #pace: Pace | undefined;
  #output: StreamOutput | undefined;
  #count = 0;

  private constructor(wish: SessionWish) {
    this.#wish = wish;
    this.#pace = wish.maximumRate === undefined ? undefined : new Pace(wish.maximumRate);
    const { pool, config } = wish;
    this.#link = pool.prepare({
      clientId: `${pool.config.clientIdPrefix}-s-${sessionName(wish)}`,
      cleanStart: false,
      session: { adopt: true, ...(pool.isV5 && { expirySeconds: config.sessionExpirySeconds }) },
      ...(pool.isV5 && { receiveMaximum: config.sessionWindow }),
      reconnect: { initial: true, maxMs: pool.config.reconnectMaxMs, shouldRetry: isNotTakenOver },
    });
    const options = { qos: 1, ack: 'manual' } as const;
    // Declared before the connection: what the broker has kept comes right after it.
    this.#subscription = this.#link.client.subscribe(
      wish.filters,
      pool.isV5 ? { ...options, retainHandling: 1 } : options,
    );
  }

  /** Resolves when the broker has agreed; rejects with nothing left open. */
  static async open(wish: SessionWish): Promise<SessionStream> {
    const stream = new SessionStream(wish);
    const { connectTimeoutMs } = wish.pool.config;
    stream.#link.start();
    try {
      await withinMs(stream.#subscription.ready, connectTimeoutMs);
    } catch (error) {
      await stream.#link.close();
      throw subscribeProblem(error, wish.pool.name);
    }
    return stream;
  }

  /** Tells whether the session was there, and passes on what comes until the reader has gone. */
  async run(output: StreamOutput, lastEventId: string | undefined): Promise<void> {
    this.#output = output;
    const isResumed = this.#link.client.connection?.sessionPresent ?? false;
    const grants = await this.#subscription.ready;
    const subscriptions = grants.map(({ filter, qos }) => ({ filter, grantedQos: qos, reasonCode: qos }));
    output.write(jsonFrame('ready', { subscriptions, mode: 'session', name: this.#wish.name, resumed: isResumed }));
    if (lastEventId !== undefined && !isResumed) this.#tellGap('expired');
    this.#link.onStatus((status) => {
      if (status.type === 'connected' && !status.connection.sessionPresent) this.#tellGap('broker-reconnect');
      if (status.type === 'disconnected') output.bye('session-taken-over');
    });
    output.onClose(() => void this.#link.close());
    // It went away while the broker was asked.
    if (output.isOver) await this.#link.close();
    await this.#pass(output);
  }

  async #pass(output: StreamOutput): Promise<void> {
    try {
      for await (const message of this.#subscription) {
        if (this.#wish.leftOutOrigin !== undefined && originOf(message) === this.#wish.leftOutOrigin) {
          message.ack();
          continue;
        }
        await this.#untilDue();
        const frame = this.#frameOf(message);
        // Meanwhile the window of the session fills up, and the broker keeps the rest.
        while (!output.hasRoom(frame.length) && !output.isOver) await output.drained();
        if (output.isOver) return;
        output.write(frame, (error) => {
          if (error === null || error === undefined) message.ack();
        });
      }
    } catch {
      // The subscription has ended with its connection: whoever comes next goes on.
    }
    output.bye('session-taken-over');
  }

  /** Meanwhile the window of the session fills up, as it does for a slow reader. */
  async #untilDue(): Promise<void> {
    for (let waitMs = this.#pace?.take() ?? 0; waitMs > 0; waitMs = this.#pace?.take() ?? 0) {
      await new Promise((resolve) => setTimeout(resolve, Math.ceil(waitMs)));
    }
  }

  #frameOf(message: Message): Buffer {
    this.#count += 1;
    const id = `v1.s.${this.#count}`;
    if (this.#wish.format === 'raw') return rawFrame(message.payload, id);
    return jsonFrame('message', { ...messageJson(message, Date.now()), ...(message.dup && { dup: true }) }, id);
  }

  #tellGap(reason: 'expired' | 'broker-reconnect'): void {
    this.#output?.write(jsonFrame('gap', { reason, missed: null }));
  }
}

/** Another caller with the same name, or the same one with other filters, has another session. */
function sessionName({ owner, name, filters }: SessionWish): string {
  const facts = JSON.stringify([owner, name, filters.toSorted((a, b) => (a < b ? -1 : 1))]);
  return createHash('sha256').update(facts).digest('base64url').slice(0, 22);
}

function isNotTakenOver(error: Error): boolean {
  return (error as { readonly reasonCode?: number }).reasonCode !== TAKEN_OVER;
}

async function withinMs(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const detail = `the broker has not agreed within ${limitMs} ms`;
    timer = setTimeout(() => reject(new BridgeProblem('broker-unavailable', { detail, retryAfterMs: 1000 })), limitMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
