/**
 * `Idempotency-Key`: the same request again gets the same answer, and its message is published once. Kept in memory, for
 * a while: another replica, or this one after a restart, does not know.
 */
import { createHash } from 'node:crypto';
import type { IdempotencyConfig } from '../config/bridge-config.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { problemOf } from '../http/problem-replies.ts';
import { Counter } from '../ops/metrics.ts';
import type { PublishCommand } from './publish-command.ts';
import type { PublishResult } from './publisher.ts';

interface Remembered {
  readonly fingerprint: string;
  /** Settled with the message, not with the patience of the caller. */
  readonly outcome: Promise<PublishResult>;
  state: 'open' | 'accepted' | 'unknown';
  readonly forgetAt: number;
}

export interface KeyedPublish {
  /** Whose key it is: callers do not see each other's. */
  readonly owner: string;
  readonly key: string;
  readonly command: PublishCommand;
  readonly broker: string;
  /** How long this caller waits. */
  readonly waitMs: number;
  /** Sends the message, and waits much longer. */
  readonly start: () => Promise<PublishResult>;
}

export class Idempotency {
  readonly counts = new Counter('omqtt_idempotency_total', 'Messages with a key, by what was known of it.');
  readonly #config: IdempotencyConfig;
  readonly #remembered = new Map<string, Remembered>();

  constructor(config: IdempotencyConfig) {
    this.#config = config;
  }

  async publish(publishing: KeyedPublish): Promise<PublishResult> {
    const { owner, key, waitMs } = publishing;
    if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
      throw new BridgeProblem('parameter-invalid', 'an idempotency key has 1 to 255 printable characters');
    }
    const id = JSON.stringify([owner, key]);
    const fingerprint = fingerprintOf(publishing);
    const known = this.#find(id);
    this.counts.add({ result: resultFor(known, fingerprint) });
    if (known === undefined) return inTime(this.#begin(id, fingerprint, publishing), waitMs);
    if (known.fingerprint !== fingerprint) {
      throw new BridgeProblem('idempotency-mismatch', 'this key was used for another message: use a new one for each');
    }
    if (known.state === 'open') {
      throw new BridgeProblem('idempotency-in-progress', {
        detail: 'the message of this key waits for its acknowledgement',
        retryAfterMs: 1000,
      });
    }
    return { ...(await known.outcome), replayed: true };
  }

  #begin(id: string, fingerprint: string, { start }: KeyedPublish): Promise<PublishResult> {
    this.#makeRoom();
    const outcome = start();
    const entry: Remembered = { fingerprint, outcome, state: 'open', forgetAt: Date.now() + this.#config.rememberMs };
    this.#remembered.set(id, entry);
    outcome
      .then(() => (entry.state = 'accepted'))
      .catch((error: unknown) => {
        // What may have arrived must not be sent again; what has certainly not may be tried again.
        if (problemOf(error).outcome === 'unknown') entry.state = 'unknown';
        else this.#remembered.delete(id);
      });
    return outcome;
  }

  #find(id: string): Remembered | undefined {
    const known = this.#remembered.get(id);
    if (known === undefined || known.forgetAt > Date.now() || known.state === 'open') return known;
    this.#remembered.delete(id);
    return undefined;
  }

  /** The oldest that is done gives way. */
  #makeRoom(): void {
    if (this.#remembered.size < this.#config.maximumKeys) return;
    for (const [id, { state }] of this.#remembered) {
      if (state === 'open') continue;
      this.#remembered.delete(id);
      return;
    }
    throw new BridgeProblem('overloaded', { detail: 'too many keys wait for acknowledgements', retryAfterMs: 1000 });
  }
}

function resultFor(known: Remembered | undefined, fingerprint: string): string {
  if (known === undefined) return 'new';
  if (known.fingerprint !== fingerprint) return 'mismatch';
  return known.state === 'open' ? 'in-progress' : 'replayed';
}

async function inTime(outcome: Promise<PublishResult>, waitMs: number): Promise<PublishResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const detail = `no acknowledgement within ${waitMs} ms; ask again with the same key`;
      reject(new BridgeProblem('ack-timeout', detail));
    }, waitMs);
  });
  try {
    return await Promise.race([outcome, late]);
  } finally {
    clearTimeout(timer);
  }
}

function fingerprintOf({ command, broker }: KeyedPublish): string {
  // Not the patience of the caller, nor where the key stands.
  const { topic, payload, qos, retain, properties } = command;
  return createHash('sha256')
    .update(payload)
    .update('\0')
    .update(JSON.stringify([broker, topic, qos, retain, properties]))
    .digest('base64');
}
