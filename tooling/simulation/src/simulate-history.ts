/** Plays one history: both ends, the network between them, and the rules that must hold all the way and at the end. */
import { Broker } from './broker.ts';
import { Client } from './client.ts';
import type { SessionClass } from './client-world.ts';
import { Coverage } from './coverage.ts';
import { DownstreamMessages } from './downstream.ts';
import { Link, type Circumstances, type LinkSink } from './network.ts';
import type { Plan, Step } from './plan.ts';
import { Random } from './random.ts';
import { Timeline } from './timeline.ts';
import { UpstreamMessages } from './upstream.ts';
import { hold } from './violation.ts';
import { WallClock } from './wall-clock.ts';

export interface HistoryReport {
  readonly coverage: Coverage;
  /** How many things happened. */
  readonly steps: number;
}

/** Throws a `Violation` for a broken rule, and whatever the session throws. */
export function simulateHistory(plan: Plan, Session: SessionClass): HistoryReport {
  const history = new History(plan, Session);
  history.play();
  return { coverage: history.coverage, steps: history.steps };
}

const MAXIMUM_STEPS = 60_000;
const CALM_AFTER_MS = 50;
/** Longer than all the times that anybody waits for anything. */
const LONGEST_CALM_MS = 240_000;

class History {
  readonly coverage = new Coverage();
  readonly #plan: Plan;
  readonly #timeline = new Timeline();
  readonly #circumstances: Circumstances;
  readonly #upstream: UpstreamMessages;
  readonly #downstream = new DownstreamMessages();
  readonly #broker: Broker;
  readonly #client: Client;
  #link: Link | undefined;
  #isCalm = false;

  constructor(plan: Plan, Session: SessionClass) {
    this.#plan = plan;
    const { setup, seed } = plan;
    const { coverage } = this;
    const timeline = this.#timeline;
    const downstream = this.#downstream;
    const clock = new WallClock(timeline);
    this.#circumstances = { timeline, random: Random.for(seed, 1), coverage, ...setup.network };
    this.#upstream = new UpstreamMessages({
      setup,
      generation: () => this.#broker.generation + this.#client.sessionsEnded / 1000,
      latestTime: () => clock.latest,
    });
    const shared = { setup, timeline, coverage, upstream: this.#upstream, downstream };
    this.#broker = new Broker({ ...shared, random: Random.for(seed, 2), isCalm: () => this.#isCalm });
    this.#client = new Client({
      ...shared,
      Session,
      clock,
      random: Random.for(seed, 3),
      onSessionKnown: (known) => this.#broker.noteKnown(known),
      dial: (sink) => this.#dial(sink),
    });
  }

  get steps(): number {
    return this.#timeline.steps;
  }

  play(): void {
    for (const step of this.#plan.steps) this.#timeline.at(step.at, () => this.#take(step));
    this.#client.start();
    this.#run((this.#plan.steps.at(-1)?.at ?? 0) + CALM_AFTER_MS);
    if (!this.#plan.setup.closesEarly) this.#settleDown();
    this.#client.close();
    // A slow store may still be at work.
    this.#run(this.#timeline.now + 30_000);
    this.#client.operations.close();
    this.#run(this.#timeline.now + 30_000);
  }

  #run(until: number): void {
    const isDone = this.#timeline.runUntil(until, MAXIMUM_STEPS);
    hold(isDone, 'termination', () => `${MAXIMUM_STEPS} steps were not enough`);
  }

  #take(step: Step): void {
    this.coverage.count(`act: ${step.act}`);
    switch (step.act) {
      case 'serve':
        return this.#broker.serve(step);
      case 'cut':
        return this.#link?.breakAfter(step.direction, step.afterBytes);
      case 'silence':
        return this.#link?.silence();
      case 'dismiss':
        return this.#broker.dismiss(step.reasonCode);
      case 'turn-away':
        return this.#broker.turnAway(step.reasonCode, step.times);
      case 'forget-session':
        return this.#broker.forgetSession();
      case 'limits':
        this.#broker.limits = step.limits;
        return undefined;
      default:
        return this.#client.act(step);
    }
  }

  get #isQuiet(): boolean {
    return this.#client.isQuiet && this.#broker.isQuiet;
  }

  #dial(sink: LinkSink): Link {
    this.coverage.count('network: connection');
    const link = new Link(this.#circumstances);
    link.attach(sink, this.#broker.accept(link));
    this.#link = link;
    return link;
  }

  // Nothing goes wrong any more, so everything that was begun has to come to its end.
  #settleDown(): void {
    this.#isCalm = true;
    this.#circumstances.slices = false;
    this.#circumstances.delayMs = Math.min(1, this.#circumstances.delayMs);
    this.#broker.limits = {};
    this.#client.calm();
    const endsAt = this.#timeline.now + LONGEST_CALM_MS;
    while (!this.#isQuiet && this.#timeline.now < endsAt) this.#run(this.#timeline.now + 250);
    // What is still under way on the wire.
    this.#run(this.#timeline.now + 2000);
    this.#client.holdQuiet();
    this.#broker.holdQuiet();
    this.#client.wishes.holdAgainst(this.#broker.session);
    const lostUp = this.#upstream.findLost();
    hold(
      lostUp === undefined,
      'lost-up',
      () => `message ${lostUp?.number} was stored before a crash, and never arrived`,
    );
    const lostDown = this.#downstream.findLost(this.#broker.generation);
    hold(lostDown === undefined, 'lost-down', () => `message ${lostDown?.number} never came to the application`);
  }
}
