/**
 * Messages that were accepted before the broker has them: they are on disk, survive this process, and are sent as soon as
 * the broker takes them. What became of the last ones is remembered in memory.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore } from '@omqtt/store-sqlite';
import type { AcceptedMessage } from 'omqtt';
import type { BrokerLink } from '../brokers/broker-link.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { OutboxConfig } from '../config/bridge-config.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { publishProblem } from '../problems/problem-of-error.ts';
import type { PublishCommand } from '../publish/publish-command.ts';
import { laneMessage, type PublishResult } from '../publish/publisher.ts';

export type OutboxState = 'queued' | 'accepted' | 'rejected' | 'unknown' | 'cancelled';

export interface OutboxEntry {
  readonly id: string;
  readonly topic: string;
  readonly broker: string;
  readonly queuedAt: string;
  state: OutboxState;
  reasonCode: number | null;
  /** Why it was rejected, by the code of the problem. */
  problem: string | null;
}

/** Who put it there is the only one to see it. */
interface OwnedEntry {
  readonly owner: string;
  readonly entry: OutboxEntry;
  readonly accepted: AcceptedMessage;
}

const MESSAGE_ID_PROPERTY = 'omqtt-message-id';

export class Outbox {
  readonly #config: OutboxConfig;
  readonly #links = new Map<string, BrokerLink>();
  readonly #entries = new Map<string, OwnedEntry>();

  constructor(config: OutboxConfig) {
    this.#config = config;
  }

  get isEnabled(): boolean {
    return this.#config.enabled;
  }

  /** What an earlier process has left is sent, without waiting for the first caller. */
  start(pools: readonly BrokerPool[]): void {
    if (this.isEnabled) for (const pool of pools) this.#linkTo(pool);
  }

  /** Messages on disk that the broker does not have yet, and the age of the oldest that this process has accepted. */
  waiting(broker: string): { readonly depth: number; readonly ageSeconds: number } {
    const counts = this.#links.get(broker)?.client.counts;
    const depth = counts === undefined ? 0 : counts.waitingMessages + counts.inFlight;
    let ageSeconds = 0;
    for (const { entry } of this.#entries.values()) {
      if (entry.broker !== broker || entry.state !== 'queued') continue;
      ageSeconds = Math.max(0, (Date.now() - Date.parse(entry.queuedAt)) / 1000);
      break;
    }
    return { depth, ageSeconds };
  }

  /** Resolves when it is on disk. */
  async accept(command: PublishCommand, { pool, id, owner }: AcceptOptions): Promise<PublishResult> {
    if (command.qos === 0) {
      throw new BridgeProblem('parameter-invalid', 'the outbox keeps messages of QoS 1 and 2 only');
    }
    const { topic, payload, options } = laneMessage(pool.isV5 ? withId(command, id) : command);
    const startedAt = performance.now();
    let accepted: AcceptedMessage;
    try {
      const { client } = this.#linkTo(pool);
      accepted = await client.enqueue(topic, payload, { ...options, timeoutMs: this.#config.acceptTimeoutMs });
    } catch (error) {
      throw publishProblem(error, pool.name);
    }
    this.#follow({ id, topic, broker: pool.name, owner }, accepted);
    const ackMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
    const { name: broker } = pool;
    const certain = { reasonCode: 0, reason: 'Success', guarantee: 'persisted', matchingSubscribers: null } as const;
    return { id, topic, broker, qos: command.qos, ...certain, ackMs };
  }

  find(id: string, owner: string): OutboxEntry {
    return this.#find(id, owner).entry;
  }

  /** Resolves when it is gone from the disk. Throws the problem when it was sent, or is done with. */
  async cancel(id: string, owner: string): Promise<void> {
    const { entry, accepted } = this.#find(id, owner);
    if (entry.state === 'cancelled') return;
    // The receipt ends with it, so this has to be known first.
    const before = entry.state;
    entry.state = 'cancelled';
    if (before === 'queued' && (await accepted.withdraw())) return;
    entry.state = before;
    throw new BridgeProblem('message-sent', {
      detail: before === 'queued' ? 'it is on its way, or too far back in a long queue' : `it is ${before} already`,
      extra: { state: before },
    });
  }

  #find(id: string, owner: string): OwnedEntry {
    const found = this.#entries.get(id);
    if (found?.owner === owner) return found;
    throw new BridgeProblem(
      'message-unknown',
      'it is too old, or from before the last start, or somebody else has sent it',
    );
  }

  #follow({ id, topic, broker, owner }: Followed, accepted: AcceptedMessage): void {
    const queuedAt = new Date().toISOString();
    const entry: OutboxEntry = { id, topic, broker, queuedAt, state: 'queued', reasonCode: null, problem: null };
    const [oldest] = this.#entries.keys();
    if (this.#entries.size >= this.#config.rememberedMessages && oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(id, { owner, entry, accepted });
    accepted.receipt.then(
      ({ reasonCode }) => Object.assign(entry, { state: 'accepted', reasonCode }),
      (error: unknown) => {
        if (entry.state === 'cancelled') return;
        const { code, outcome, facts } = publishProblem(error, broker);
        // It stays on disk when the bridge ends, and is sent by the next one.
        if (code === 'draining') return;
        const state = outcome === 'unknown' ? 'unknown' : 'rejected';
        Object.assign(entry, { state, reasonCode: facts.mqtt?.reasonCode ?? null, problem: code });
      },
    );
  }

  #linkTo(pool: BrokerPool): BrokerLink {
    const known = this.#links.get(pool.name);
    if (known !== undefined) return known;
    const { path, maximumMessages, maximumBytes, sessionExpirySeconds: expirySeconds } = this.#config;
    mkdirSync(path, { recursive: true });
    const link = pool.open({
      clientId: `${pool.config.clientIdPrefix}-outbox-${identityIn(path)}`,
      cleanStart: false,
      session: { ...(pool.isV5 && { expirySeconds }), store: sqliteStore(join(path, `${pool.name}.db`)) },
      offline: { maxMessages: maximumMessages, maxBytes: maximumBytes, whenFull: 'reject' },
    });
    this.#links.set(pool.name, link);
    return link;
  }
}

export interface AcceptOptions {
  readonly pool: BrokerPool;
  readonly id: string;
  readonly owner: string;
}

type Followed = Pick<OutboxEntry, 'id' | 'topic' | 'broker'> & { readonly owner: string };

function withId(command: PublishCommand, id: string): PublishCommand {
  const userProperties = [...(command.properties?.userProperties ?? []), [MESSAGE_ID_PROPERTY, id] as const];
  return { ...command, properties: { ...command.properties, userProperties } };
}

/** The session at the broker belongs to these files, wherever they are mounted next. */
function identityIn(folder: string): string {
  const path = join(folder, 'identity');
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    const identity = randomUUID();
    writeFileSync(path, `${identity}\n`, { flag: 'wx', mode: 0o600 });
    return identity;
  }
}
