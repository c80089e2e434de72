/** A durable store as a strict log: it refuses changes that do not follow from what it holds, it is slow, and it fails. */
import type { StoreChange, StoredMessage, StoredSubscription } from '@omqtt/contracts/session-store';
import type { Packet } from '@omqtt/codec';
import type { RestoredSession } from '@omqtt/core/session';
import type { Act } from './plan.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';
import { hold } from './violation.ts';

export type CommitEnd = 'done' | 'failed' | 'fatal';

export class StoreModel {
  readonly messages = new Map<number, StoredMessage>();
  readonly inboundIds = new Set<number>();
  readonly subscriptions = new Map<string, StoredSubscription>();
  clientId = '';
  /** `undefined` before there was a session. */
  expirySeconds: number | undefined;
  #delayMs = 0;
  #slowCommits = 0;
  #failingCommits = 0;
  #isFailureFatal = false;
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #onChange: (message: StoredMessage) => void;
  #nextSequence = 1;
  #pending: readonly StoreChange[] | undefined;
  #epoch = 0;

  constructor(timeline: Timeline, random: Random, onChange: (message: StoredMessage) => void) {
    this.#timeline = timeline;
    this.#random = random;
    this.#onChange = onChange;
  }

  /** Calls back at once or later, but not after a crash. One commit at a time. */
  commit(changes: readonly StoreChange[], onEnd: (end: CommitEnd) => void): void {
    const isSlow = this.#slowCommits > 0;
    const isFailing = this.#failingCommits > 0;
    if (isSlow) this.#slowCommits -= 1;
    if (isFailing) this.#failingCommits -= 1;
    const epoch = this.#epoch;
    const finish = (): void => {
      if (epoch !== this.#epoch) return;
      this.#pending = undefined;
      if (isFailing) {
        onEnd(this.#isFailureFatal ? 'fatal' : 'failed');
        return;
      }
      this.#applyAll(changes);
      onEnd('done');
    };
    if (!isSlow && !isFailing) {
      finish();
      return;
    }
    if (!isFailing) this.#pending = changes;
    this.#timeline.after(isSlow ? this.#random.below(this.#delayMs + 1) : 0, finish);
  }

  /** A commit that was under way has happened, or it has not. */
  crash(): void {
    this.#epoch += 1;
    if (this.#pending !== undefined && this.#random.percent(50)) this.#applyAll(this.#pending);
    this.#pending = undefined;
  }

  /** The next commits take long, or fail. */
  trouble(act: Act & { act: 'slow-store' | 'failing-store' }): void {
    if (act.act === 'slow-store') {
      this.#slowCommits = act.commits;
      this.#delayMs = act.delayMs;
      return;
    }
    this.#failingCommits = act.commits;
    this.#isFailureFatal = act.isFatal;
  }

  heal(): void {
    this.#slowCommits = 0;
    this.#failingCommits = 0;
  }

  /** With `isWhole`, all messages; else those that were sent, and a few, or many, of those that wait. */
  read(clientId: string, isWhole: boolean): RestoredSession {
    const all = this.readBehind(0);
    const sent = all.filter(({ stage }) => stage !== 'waiting').length;
    const messages = isWhole ? all : all.slice(0, Math.max(1, sent + this.#random.below(4)));
    const rest = all.slice(messages.length);
    const unread = { messages: rest.length, bytes: rest.reduce((bytes, { payload }) => bytes + payload.length, 0) };
    return {
      ...(rest.length > 0 && { unread }),
      exists: (this.expirySeconds ?? 0) > 0,
      isNew: this.expirySeconds === undefined,
      clientId: this.clientId === '' ? clientId : this.clientId,
      messages,
      inboundIds: [...this.inboundIds],
      subscriptions: [...this.subscriptions.values()],
      nextSequence: this.#nextSequence,
    };
  }

  readBehind(after: number): readonly StoredMessage[] {
    const messages = [...this.messages.values()].filter(({ sequence }) => sequence > after);
    return messages.toSorted((a, b) => a.sequence - b.sequence);
  }

  /** What this packet tells the peer must be durable before it leaves. */
  vouchFor(packet: Packet): void {
    if (packet.type === 'publish' && packet.qos > 0) {
      const message = this.#inFlight(packet.packetId ?? 0);
      const isSame = message?.stage === 'sent' && message.payload[3] === packet.payload[3];
      hold(isSame, 'persist-first', () => `PUBLISH ${packet.packetId} leaves, and the store says ${message?.stage}`);
    } else if (packet.type === 'pubrel' && packet.reasonCode === 0) {
      const stage = this.#inFlight(packet.packetId)?.stage;
      hold(
        stage === 'released',
        'persist-first',
        () => `PUBREL ${packet.packetId} leaves, and the store says ${stage}`,
      );
    } else if (packet.type === 'pubrec' && packet.reasonCode < 0x80) {
      hold(this.inboundIds.has(packet.packetId), 'persist-first', () => `PUBREC ${packet.packetId} leaves unrecorded`);
    } else if (packet.type === 'pubcomp') {
      hold(!this.inboundIds.has(packet.packetId), 'persist-first', () => `PUBCOMP ${packet.packetId} leaves too early`);
    }
  }

  #inFlight(packetId: number): StoredMessage | undefined {
    for (const message of this.messages.values()) {
      if (message.packetId === packetId) return message;
    }
    return undefined;
  }

  #applyAll(changes: readonly StoreChange[]): void {
    for (const change of changes) this.#apply(change);
  }

  #apply(change: StoreChange): void {
    switch (change.type) {
      case 'put':
        return this.#put(change.message);
      case 'sent':
        return this.#move(change.sequence, 'waiting', { stage: 'sent', packetId: change.packetId });
      case 'released':
        return this.#move(change.sequence, 'sent', { stage: 'released' });
      case 'unsent':
        return this.#move(change.sequence, 'sent', { stage: 'waiting' });
      case 'remove':
        return refuseUnless(this.messages.delete(change.sequence), change);
      case 'received':
        refuseUnless(!this.inboundIds.has(change.packetId), change);
        this.inboundIds.add(change.packetId);
        return undefined;
      case 'forget':
        return refuseUnless(this.inboundIds.delete(change.packetId), change);
      case 'forget-all':
        return this.inboundIds.clear();
      case 'subscribe':
        this.subscriptions.set(change.subscription.filter, change.subscription);
        return undefined;
      case 'unsubscribe':
        return refuseUnless(this.subscriptions.delete(change.filter), change);
      case 'client-id':
        this.clientId = change.clientId;
        return undefined;
      case 'alive':
        this.expirySeconds = change.expirySeconds;
    }
  }

  #put(message: StoredMessage): void {
    hold(message.sequence >= this.#nextSequence, 'store', () => `sequence ${message.sequence} is used again`);
    this.#nextSequence = message.sequence + 1;
    this.messages.set(message.sequence, message);
    this.#onChange(message);
  }

  #move(sequence: number, from: string, change: Partial<StoredMessage>): void {
    const message = this.messages.get(sequence);
    hold(message?.stage === from, 'store', () => `${sequence} is ${message?.stage}, and is to be ${change.stage}`);
    const { packetId, ...rest } = message;
    const keepsId = change.stage !== 'waiting' && packetId !== undefined;
    const changed = { ...rest, ...(keepsId && { packetId }), ...change };
    this.messages.set(sequence, changed);
    this.#onChange(changed);
  }
}

function refuseUnless(isSound: boolean, change: StoreChange): void {
  hold(isSound, 'store', () => `this does not follow from what is stored: ${JSON.stringify(change)}`);
}
