/** The client as its user sees it: carries out commands, connects again, and starts again after a crash. */
import { MqttError } from '@omqtt/codec';
import type { Notification, Session } from '@omqtt/core/session';
import { Application } from './application.ts';
import { ClientProcess } from './client-process.ts';
import type { ClientWorld, SessionClass } from './client-world.ts';
import type { Coverage } from './coverage.ts';
import type { DownstreamMessages } from './downstream.ts';
import type { Link, LinkSink } from './network.ts';
import { CancelledError, describe, Operations } from './operations.ts';
import type { Act, Setup } from './plan.ts';
import type { Random } from './random.ts';
import { numberOfPayload } from './payload.ts';
import { Referee } from './referee.ts';
import { StoreModel } from './store-model.ts';
import { SubscriptionWishes } from './subscription-wishes.ts';
import type { Timeline } from './timeline.ts';
import type { UpstreamMessages } from './upstream.ts';
import { hold } from './violation.ts';
import type { WallClock } from './wall-clock.ts';

export interface ClientSurroundings {
  readonly Session: SessionClass;
  readonly setup: Setup;
  readonly timeline: Timeline;
  readonly clock: WallClock;
  readonly random: Random;
  readonly coverage: Coverage;
  readonly upstream: UpstreamMessages;
  readonly downstream: DownstreamMessages;
  /** The client has heard of this session, and will not forget it in a crash. */
  readonly onSessionKnown: (generation: number) => void;
  readonly dial: (sink: LinkSink) => Link;
}

export class Client {
  readonly operations: Operations;
  readonly wishes = new SubscriptionWishes();
  readonly #world: ClientWorld;
  readonly #random: Random;
  #process: ClientProcess | undefined;
  readonly #onSessionKnown: (generation: number) => void;
  #needsCleanStart: boolean;
  /** The session that the last CONNACK was about. */
  #heardOf = 0;
  /** The user has disconnected: nobody connects before this. */
  #awayUntil = 0;
  #isCalm = false;
  #isClosed = false;
  /** How many messages began anew with a session; they come on top of what may wait. */
  #largestInFlight = 0;

  constructor(surroundings: ClientSurroundings) {
    const { setup, timeline, random, upstream, downstream, coverage } = surroundings;
    this.#random = random;
    this.#onSessionKnown = surroundings.onSessionKnown;
    this.#needsCleanStart = setup.client.cleanStart;
    this.operations = new Operations(coverage);
    const application = new Application(
      { setup, timeline, random, downstream },
      (delivery, reasonCode, reasonString) => {
        const properties = reasonString === undefined ? undefined : { reasonString };
        this.#process?.turn((session, now) => session.acknowledge(delivery, { reasonCode, properties }, now));
        return true;
      },
    );
    this.#world = {
      ...surroundings,
      operations: this.operations,
      application,
      referee: new Referee(),
      store: setup.hasStore
        ? new StoreModel(timeline, random, ({ payload, stage }) =>
            upstream.noteCommitted(numberOfPayload(payload), stage),
          )
        : undefined,
      onConnack: () => {
        this.#heardOf = this.#process?.link?.generation ?? 0;
      },
      onLinkEnd: (error) => this.#reconnect(error),
      onNotification: (notification) => this.#notice(notification),
      onStoreLost: () => this.crash(0),
      watchMemory: (session) => this.#watchMemory(session),
    };
  }

  get sessionsEnded(): number {
    return this.#world.referee.sessionsEnded;
  }

  /** Carries out what the user does, or what befalls the client. */
  act(act: Act): void {
    const process = this.#process;
    if (this.#isClosed) return;
    if (act.act === 'jump') this.#world.clock.jump(act.byMs);
    else if (act.act === 'crash') this.crash(act.downMs);
    else if (act.act === 'slow-store' || act.act === 'failing-store') this.#troubleStore(act);
    else if (process !== undefined) this.#command(process, act);
  }

  #command(process: ClientProcess, act: Act): void {
    switch (act.act) {
      case 'publish':
        return this.#publish(process, act);
      case 'subscribe':
        return this.#subscribe(process, act);
      case 'unsubscribe': {
        const operation = this.operations.open('unsubscribe', (end) => this.wishes.settle(end));
        this.wishes.unsubscribe(operation, act.filters);
        return process.turn((session, now) => session.unsubscribe({ operation, filters: act.filters }, now));
      }
      case 'ping': {
        const operation = this.operations.open('ping');
        return process.turn((session, now) => session.ping(operation, now));
      }
      case 'cancel':
        return this.#cancel(process, act.back);
      case 'disconnect':
        return this.#disconnect(process, act);
      case 'pause':
        return this.#pause(process, act.forMs);
      default:
        return undefined;
    }
  }

  #publish(process: ClientProcess, act: Act & { act: 'publish' }): void {
    process.turn(() => {
      for (let count = 0; count < act.count; count += 1) {
        process.line.push(this.#world.upstream.make(act, (judge) => this.operations.open('publish', judge)));
      }
    });
  }

  #subscribe(process: ClientProcess, { subscriptions, identifier }: Act & { act: 'subscribe' }): void {
    const { referee } = this.#world;
    const filters = subscriptions.map(({ filter }) => filter);
    const operation = this.operations.open('subscribe', (end) => {
      this.wishes.settle(end);
      // What was given up may still be asked for again.
      if (end.error?.code !== 'cancelled') referee.asked(filters, -1);
    });
    this.wishes.subscribe(operation, subscriptions);
    referee.asked(filters, 1);
    process.turn((session, now) => {
      try {
        session.subscribe({ operation, subscriptions, identifier }, now);
      } catch (error) {
        if (!(error instanceof MqttError)) throw error;
        this.operations.settle({ operation, error });
      }
    });
  }

  #cancel(process: ClientProcess, back: number): void {
    const operation = this.operations.cancellable(back)?.number;
    if (operation === undefined) return;
    const message = this.#world.upstream.all.find(({ command }) => command.operation === operation);
    if (message !== undefined) message.isCancelled = true;
    const error = new CancelledError('the user has given up');
    if (process.line.cancel(operation)) this.operations.settle({ operation, error });
    else process.turn((session, now) => session.cancel(operation, error, now));
  }

  #disconnect(process: ClientProcess, { expirySeconds, awayMs, cleanStart }: Act & { act: 'disconnect' }): void {
    if (process.link === undefined) return;
    this.#awayUntil = this.#world.timeline.now + awayMs;
    this.#needsCleanStart ||= cleanStart;
    const properties = expirySeconds === undefined ? {} : { properties: { sessionExpirySeconds: expirySeconds } };
    process.turn((session, now) => {
      try {
        session.disconnect({ reasonCode: 0, ...properties }, now);
      } catch (error) {
        const isFair = error instanceof MqttError && error.code === 'invalid-state' && (expirySeconds ?? 0) > 0;
        if (!isFair) throw error;
      }
    });
  }

  #pause(process: ClientProcess, forMs: number): void {
    const { link } = process;
    if (link === undefined || this.#isCalm || !process.session.isConnected) return;
    link.pauseDown();
    process.turn((session, now) => session.pauseReading(true, now));
    this.#world.timeline.after(forMs, () => {
      if (process.link !== link) return;
      process.turn((session, now) => session.pauseReading(false, now));
      link.resumeDown();
    });
  }

  #troubleStore(act: Act & { act: 'slow-store' | 'failing-store' }): void {
    const { store } = this.#world;
    if (store === undefined || this.#isCalm) return;
    store.trouble(act);
  }

  start(): void {
    if (this.#isClosed || this.#process !== undefined) return;
    const { store, referee, setup } = this.#world;
    const { whenFull } = setup.session.queue;
    // These choose among all that wait.
    const isWhole = whenFull === 'drop-oldest' || whenFull === 'latest-per-topic' || this.#random.percent(50);
    const kept = store?.read(setup.clientId, isWhole);
    if (kept !== undefined) referee.restore(kept);
    this.#process = new ClientProcess(this.#world, kept);
    this.#process.open(this.#needsCleanStart);
  }

  /** The process ends, and another one takes up what is in the store. */
  crash(downMs: number): void {
    const { store, operations, upstream, downstream, application, timeline, coverage } = this.#world;
    if (store === undefined || this.#process === undefined) return;
    coverage.count('crash');
    this.#process.crash();
    this.#process = undefined;
    store.crash();
    application.crash();
    operations.vanish();
    upstream.vanish();
    downstream.crash((packetId) => store.inboundIds.has(packetId));
    this.wishes.vanish(store.subscriptions);
    timeline.after(downMs, () => this.start());
  }

  #reconnect(error: MqttError | undefined): void {
    if (this.#isClosed) return;
    // What the server knows of and this side does not is thrown away.
    if (error?.code === 'unknown-session') this.#needsCleanStart = true;
    const { timeline } = this.#world;
    const leastMs = this.#isCalm ? 10 : this.#random.between(1, 400);
    timeline.after(Math.max(this.#awayUntil - timeline.now, leastMs), () => this.#openAgain());
  }

  #openAgain(): void {
    if (this.#world.timeline.now >= this.#awayUntil) this.#process?.open(this.#needsCleanStart);
  }

  #notice(notification: Notification): void {
    if (notification.type === 'connected') {
      this.#needsCleanStart = false;
      this.#onSessionKnown(this.#heardOf);
    }
    if (notification.type === 'subscription-lost') this.wishes.lose(notification.filter);
  }

  // What waits is bounded, but for what was on its way and had to begin anew.
  #watchMemory(session: Session): void {
    const { maxMessages } = this.#world.setup.session.queue;
    const { inFlight, packetIds, waitingMessages, waitingBytes } = session.counts;
    hold(packetIds >= inFlight, 'id-in-use', () => `${inFlight} messages are on their way under ${packetIds} ids`);
    this.#largestInFlight = Math.max(this.#largestInFlight, inFlight);
    const limit = maxMessages + this.#largestInFlight;
    hold(waitingMessages <= limit, 'memory', () => `${waitingMessages} messages wait, ${limit} may`);
    hold(waitingMessages >= 0 && waitingBytes >= 0, 'memory', () => `${waitingMessages}, ${waitingBytes} bytes wait`);
    hold(waitingMessages > 0 || waitingBytes === 0, 'memory', () => `no message waits, of ${waitingBytes} bytes`);
  }

  /** From here on nothing goes wrong, and everything comes to its end. */
  calm(): void {
    this.#isCalm = true;
    this.#awayUntil = 0;
    const { application, store } = this.#world;
    store?.heal();
    application.calm();
    const process = this.#process;
    if (process?.link === undefined) this.#openAgain();
    // Without a keep-alive nobody would ever notice.
    else if (process.link.isSilent && process.session.agreement?.keepAliveMs === 0) process.link.break();
    process?.link?.resumeDown();
  }

  get isQuiet(): boolean {
    const process = this.#process;
    if (process === undefined || !process.session.isConnected || process.line.length > 0) return false;
    if (process.link?.isSilent === true) return false;
    return (
      this.operations.unsettled === undefined && Object.values(process.session.counts).every((count) => count === 0)
    );
  }

  holdQuiet(): void {
    const { unsettled } = this.operations;
    hold(unsettled === undefined, 'settle-all', () => `${unsettled && describe(unsettled)} never ended`);
    hold(this.#process !== undefined, 'quiet', () => 'there is no process');
    this.#process.holdQuiet();
    hold(this.#process.session.isConnected, 'quiet', () => 'there is no connection');
    const { store } = this.#world;
    const isEmpty = store === undefined || store.messages.size + store.inboundIds.size === 0;
    hold(isEmpty, 'quiet', () => `there is something left in the store: ${[...(store?.messages.keys() ?? [])].join()}`);
  }

  close(): void {
    this.#isClosed = true;
    this.#process?.close();
  }
}
