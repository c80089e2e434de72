/** What a test lets go wrong: requests that are refused, and packets of the broker that come late or never. */
import type { Packet, PacketType } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import type { Refusal } from './refusal.ts';

export interface RefuseOptions extends Refusal {
  /** What is refused. Default: `connect`. */
  readonly packet?: RefusablePacket;
  /** How many of them. Default: 1; `Infinity` until `faults.clear()`. */
  readonly times?: number;
  /** Only those for which it returns true. */
  readonly when?: (packet: Packet, clientId: string) => boolean;
}

export type RefusablePacket = 'connect' | 'publish' | 'subscribe' | 'unsubscribe';

export interface DisturbOptions {
  /** How many of them. Default: 1; `Infinity` until `clear()`. */
  readonly times?: number;
  /** Only those for which it returns true. */
  readonly when?: (packet: Packet, clientId: string) => boolean;
}

interface Rule {
  readonly packet: PacketType;
  readonly when: (packet: Packet, clientId: string) => boolean;
  left: number;
}

interface Disturbance extends Rule {
  /** `Infinity`: the packet never leaves. */
  readonly delayMs: number;
}

export class Faults {
  readonly #clock: Clock;
  #refusals: (Rule & { readonly refusal: Refusal })[] = [];
  #disturbances: Disturbance[] = [];
  readonly #delayed = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Nothing disturbs what the broker sends. */
  get areNone(): boolean {
    return this.#disturbances.length === 0;
  }

  refuse({ packet = 'connect', times, when, ...refusal }: RefuseOptions): void {
    this.#refusals.push({ ...ruleOf(packet, { times, when }), refusal });
  }

  /** The broker's packets of this type are lost; nothing is sent again because of that. */
  drop(packet: PacketType, options: DisturbOptions = {}): void {
    this.#disturbances.push({ ...ruleOf(packet, options), delayMs: Infinity });
  }

  /** The broker's packets of this type come later; others overtake them. */
  delay(packet: PacketType, delayMs: number, options: DisturbOptions = {}): void {
    this.#disturbances.push({ ...ruleOf(packet, options), delayMs });
  }

  /** All is well again; what is delayed already never comes. */
  clear(): void {
    this.#refusals = [];
    this.#disturbances = [];
    for (const cancel of this.#delayed) cancel();
    this.#delayed.clear();
  }

  takeRefusal(packet: Packet, clientId: string): Refusal | undefined {
    if (this.#refusals.length === 0) return undefined;
    const rule = this.#refusals.find((each) => applies(each, packet, clientId));
    if (!rule) return undefined;
    rule.left -= 1;
    if (rule.left <= 0) this.#refusals = this.#refusals.filter((each) => each !== rule);
    return rule.refusal;
  }

  /** True when the packet is not to be sent now; `send` is called when it is time. */
  holdsBack(packet: Packet, clientId: string, send: () => void): boolean {
    const rule = this.#disturbances.find((each) => applies(each, packet, clientId));
    if (!rule) return false;
    rule.left -= 1;
    if (rule.left <= 0) this.#disturbances = this.#disturbances.filter((each) => each !== rule);
    if (rule.delayMs !== Infinity) this.#sendLater(rule.delayMs, send);
    return true;
  }

  #sendLater(delayMs: number, send: () => void): void {
    const cancel = this.#clock.wakeAt(this.#clock.now() + delayMs, () => {
      this.#delayed.delete(cancel);
      send();
    });
    this.#delayed.add(cancel);
  }
}

interface RuleOptions {
  readonly times?: number | undefined;
  readonly when?: ((packet: Packet, clientId: string) => boolean) | undefined;
}

function ruleOf(packet: PacketType, { times = 1, when = () => true }: RuleOptions): Rule {
  return { packet, when, left: times };
}

function applies(rule: Rule, packet: Packet, clientId: string): boolean {
  return rule.packet === packet.type && rule.left > 0 && rule.when(packet, clientId);
}
