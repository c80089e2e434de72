/** What is counted about brokers and messages, for all of them together. */
import { Counter, Histogram } from '../ops/metrics.ts';
import type { BridgeProblem } from '../problems/problem.ts';

export class BrokerCounts {
  readonly #published = new Counter(
    'omqtt_publish_total',
    'Messages by what became of them: reason code of the broker, or code of the problem.',
  );
  readonly #seconds = new Histogram('omqtt_publish_ack_seconds', 'From the wish to the acknowledgement.');
  readonly #reconnects = new Counter('omqtt_reconnects_total', 'Connections that stood again after they were lost.');

  of(broker: string): CountsOfBroker {
    return new CountsOfBroker(broker, {
      published: this.#published,
      seconds: this.#seconds,
      reconnects: this.#reconnects,
    });
  }

  text(): string {
    return [this.#published, this.#seconds, this.#reconnects].map((metric) => metric.text()).join('');
  }
}

interface SharedCounts {
  readonly published: Counter;
  readonly seconds: Histogram;
  readonly reconnects: Counter;
}

const REASON_CODES = 256;

export class CountsOfBroker {
  readonly #broker: string;
  readonly #shared: SharedCounts;
  /** By QoS and reason code: to look labels up costs more than to count. */
  readonly #accepted = new Map<number, () => void>();

  constructor(broker: string, shared: SharedCounts) {
    this.#broker = broker;
    this.#shared = shared;
  }

  accepted(qos: number, reasonCode: number, tookMs: number): void {
    const kind = qos * REASON_CODES + reasonCode;
    let count = this.#accepted.get(kind);
    if (count === undefined) {
      count = this.#shared.published.bound({ broker: this.#broker, qos, outcome: 'accepted', reason: reasonCode });
      this.#accepted.set(kind, count);
    }
    count();
    if (qos > 0) this.#shared.seconds.observe(tookMs / 1000);
  }

  failed(qos: number, { code, outcome = 'unknown' }: BridgeProblem): void {
    this.#shared.published.add({ broker: this.#broker, qos, outcome, reason: code });
  }

  reconnected(): void {
    this.#shared.reconnects.add({ broker: this.#broker });
  }
}
