/** What one session has subscribed to, and the groups that share a subscription. */
import type { QoS, RetainHandling } from '@omqtt/codec';
import type { Session } from './session.ts';

export interface Subscription {
  readonly kind: 'subscription';
  readonly session: Session;
  /** As the client wrote it. */
  readonly filter: string;
  /** The highest QoS that was granted. */
  readonly qos: QoS;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: RetainHandling;
  readonly identifier: number | undefined;
}

/** Those who share a filter under one name get each message once between them (§4.8.2). */
export class SharedGroup {
  readonly kind = 'group';
  readonly filter: string;
  readonly #members: Subscription[] = [];
  #next = 0;

  constructor(filter: string) {
    this.filter = filter;
  }

  get isEmpty(): boolean {
    return this.#members.length === 0;
  }

  add(member: Subscription): void {
    this.#members.push(member);
  }

  remove(member: Subscription): void {
    const index = this.#members.indexOf(member);
    if (index !== -1) this.#members.splice(index, 1);
  }

  /** The next in turn that can take a message at once, else the next that is connected, else the next that can keep it. */
  choose(qos: QoS): Subscription | undefined {
    const start = this.#next;
    this.#next = (start + 1) % Math.max(1, this.#members.length);
    return (
      this.#find(start, ({ session }) => session.outbound.isReady) ??
      this.#find(start, ({ session }) => session.connection !== undefined) ??
      this.#find(start, (member) => Math.min(qos, member.qos) > 0)
    );
  }

  #find(start: number, suits: (member: Subscription) => boolean): Subscription | undefined {
    const count = this.#members.length;
    for (let step = 0; step < count; step += 1) {
      const index = (start + step) % count;
      const member = this.#members[index];
      if (member && suits(member)) {
        this.#next = (index + 1) % count;
        return member;
      }
    }
    return undefined;
  }
}
