/** A broker by its name: a few connections that share the topics, so that messages of one topic keep their order. */
import type { ConnectionSnapshot, PublishReceipt } from 'omqtt';
import type { BrokerConfig, PublishConfig } from '../config/bridge-config.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { BrokerLink, type LinkOptions, type LinkParts } from './broker-link.ts';
import { type LaneMessage, type LaneOutcome, PublishLane } from './publish-lane.ts';

interface Strand {
  readonly link: BrokerLink;
  readonly lane: PublishLane;
}

export class BrokerPool {
  readonly name: string;
  readonly isV5: boolean;
  readonly config: BrokerConfig;
  readonly #parts: LinkParts;
  readonly #strands: readonly Strand[];
  /** Those beside the ones for publishing, which are closed with the pool. */
  readonly #others = new Set<BrokerLink>();

  constructor(parts: LinkParts, limits: PublishConfig) {
    this.name = parts.name;
    this.isV5 = parts.config.version === '5.0';
    this.config = parts.config;
    this.#parts = parts;
    this.#strands = Array.from({ length: parts.config.connections }, () => newStrand(parts, limits));
  }

  start(): void {
    for (const { link } of this.#strands) link.start();
  }

  /** Before it starts: resolves with the first connection, rejects with why the first attempt has failed. */
  firstOutcome(): Promise<void> {
    const [first] = this.#strands;
    return new Promise((resolve, reject) => {
      first?.link.onStatus(({ type }) => {
        if (type === 'connected') resolve();
        if (type === 'waiting' || type === 'closed') reject(this.outage());
      });
    });
  }

  get isConnected(): boolean {
    return this.#strands.some(({ link }) => link.client.isConnected);
  }

  get connections(): readonly { readonly snapshot: ConnectionSnapshot | undefined; readonly lane: PublishLane }[] {
    return this.#strands.map(({ link, lane }) => ({ snapshot: link.client.connection, lane }));
  }

  publish(message: LaneMessage, timeoutMs: number): Promise<PublishReceipt> {
    return new Promise((accepted, failed) => this.send(message, timeoutMs, { accepted, failed }));
  }

  /** The same without a promise, of which each costs something. */
  send(message: LaneMessage, timeoutMs: number, outcome: LaneOutcome): void {
    this.#strandFor(message.topic).lane.publish(message, timeoutMs, outcome);
  }

  /** Why there is no connection. */
  outage(): BridgeProblem {
    const [first] = this.#strands;
    return first?.link.outage() ?? new BridgeProblem('broker-unavailable', 'the broker has no connections');
  }

  /** A connection for something else; it is closed with the pool, or before by its owner. */
  open(options: LinkOptions = {}): BrokerLink {
    const link = this.prepare(options);
    link.start();
    return link;
  }

  /** The same, before it connects. */
  prepare(options: LinkOptions): BrokerLink {
    const link = new BrokerLink(this.#parts, options);
    this.#others.add(link);
    link.onStatus(({ type }) => {
      if (type === 'closed') this.#others.delete(link);
    });
    return link;
  }

  async close(drainMs: number): Promise<void> {
    const links = [...this.#others, ...this.#strands.map(({ link }) => link)];
    await Promise.all(links.map((link) => link.close(drainMs)));
  }

  #strandFor(topic: string): Strand {
    const strand = this.#strands[hashOf(topic) % this.#strands.length];
    if (strand === undefined) throw new Error('a pool has at least one connection, as the schema says');
    return strand;
  }
}

function newStrand(parts: LinkParts, limits: PublishConfig): Strand {
  const expirySeconds = parts.config.sessionExpirySeconds;
  const link = new BrokerLink(parts, {
    // What was in flight when the session was lost is not sent again behind the back of who was told `unknown`.
    session: {
      ...(parts.config.version === '5.0' && { expirySeconds }),
      whenLost: { qos1: 'fail', qos2: 'fail' },
    },
  });
  const counts = parts.counts.of(parts.name);
  const outage = (): BridgeProblem => link.outage();
  const lane = new PublishLane({ client: link.client, broker: parts.name, limits, counts, outage });
  let wasConnected = false;
  link.onStatus((status) => {
    if (status.type !== 'connected') {
      lane.disconnected();
      return;
    }
    lane.connected(status.connection.limits.receiveMaximum);
    if (wasConnected) counts.reconnected();
    wasConnected = true;
  });
  return { link, lane };
}

/** FNV-1a over UTF-16 units: quick, even, and the same in every process. */
function hashOf(topic: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < topic.length; index += 1) {
    hash = Math.imul(hash ^ topic.charCodeAt(index), 0x0100_0193);
  }
  return hash >>> 0;
}
