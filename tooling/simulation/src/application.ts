/** Who gets the messages, and acknowledges them: at once, later, in any order, or with a refusal. */
import type { Delivery } from '@omqtt/core/session';
import type { Downstream, DownstreamMessages } from './downstream.ts';
import type { Setup } from './plan.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

export interface ApplicationWorld {
  readonly setup: Setup;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly downstream: DownstreamMessages;
}

export type Acknowledge = (delivery: Delivery, reasonCode: number, reasonString: string | undefined) => boolean;

export class Application {
  readonly #world: ApplicationWorld;
  readonly #acknowledge: Acknowledge;
  /** What it has in hand, with the message that it is. */
  readonly #open = new Map<Delivery, Downstream>();
  isCalm = false;

  constructor(world: ApplicationWorld, acknowledge: Acknowledge) {
    this.#world = world;
    this.#acknowledge = acknowledge;
  }

  take(delivery: Delivery): void {
    const message = this.#world.downstream.deliver(delivery.message);
    if (message.qos === 0) return;
    this.#open.set(delivery, message);
    const { random, timeline, setup } = this.#world;
    const { delayMs } = setup.application;
    if (this.isCalm || delayMs === 0 || random.percent(30)) this.#finish(delivery);
    // Some are forgotten until all is calm.
    else if (random.percent(95)) timeline.after(random.below(delayMs), () => this.#finish(delivery));
  }

  /** Everything that is still in hand is done, and from now on at once. */
  calm(): void {
    this.isCalm = true;
    for (const delivery of this.#open.keys()) this.#finish(delivery);
  }

  #finish(delivery: Delivery): void {
    const message = this.#open.get(delivery);
    if (message === undefined) return;
    this.#open.delete(delivery);
    const { random, setup } = this.#world;
    const isRefused = !this.isCalm && random.percent(setup.application.refusesPercent);
    // The session says whether anybody still wants to know.
    message.state = isRefused ? 'refused' : 'taken';
    if (!isRefused) {
      this.#acknowledge(delivery, 0, undefined);
      return;
    }
    const explains = setup.version === '5.0' && random.percent(20);
    this.#acknowledge(delivery, 0x83, explains ? 'x'.repeat(random.pick([1, 100])) : undefined);
  }

  /** Its process is gone. */
  crash(): void {
    this.#open.clear();
  }
}
