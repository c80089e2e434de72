/** Connects, and connects again: attempts, deadlines, delays, the version to speak, the server to go to. */
import type { ConnackPacket, MqttError, ProtocolVersion } from '@omqtt/codec';
import { ConnectionLostError } from '../session/index.ts';
import { type ConnectionSnapshot, takeSnapshot } from './connection-snapshot.ts';
import { attemptConnection, type AcceptedFacts, type AttemptParts } from './attempt.ts';
import { Course } from './course.ts';
import { toMqttError } from './errors.ts';
import { drain } from './ending.ts';
import { Outage } from './outage.ts';
import type { Publishing } from './publishing.ts';
import { Renewal, type RenewalParts } from './renewal.ts';
import type { AttemptPhase } from './status.ts';
import { pause, unlessAborted } from './wait-limit.ts';

export interface ConnectorParts extends AttemptParts, RenewalParts {
  readonly publishing: Publishing;
  /** Has to be done before the first attempt. */
  prepare(): Promise<void>;
  /** Nothing more will be tried. */
  gaveUp(error: MqttError): void;
}

interface Trial {
  /** Its connection has ended, though the attempt may not know it yet. */
  ended: { readonly error: MqttError | undefined } | undefined;
}

const RENEWAL_DRAIN_MS = 1000;

export class Connector {
  readonly #parts: ConnectorParts;
  readonly #course: Course;
  readonly #outage: Outage;
  #snapshot: ConnectionSnapshot | undefined;
  /** Ends whatever is being waited for; `undefined` when nothing is. */
  #run: AbortController | undefined;
  /** A connection stands, and is to be made again when it is lost. */
  #isKept = false;
  #trial: Trial | undefined;
  /** Made for credentials that expire. */
  #renewal: Renewal | undefined;
  #isRenewing = false;
  #hasConnected = false;
  #connections = 0;
  #phase: AttemptPhase = 'options';
  /** Ends the wait for the next attempt; does nothing when there is none. */
  #endPause: (() => void) | undefined;

  constructor(parts: ConnectorParts) {
    this.#parts = parts;
    this.#outage = new Outage(parts.options);
    this.#course = new Course(parts.wiring.url, parts.options);
  }

  get snapshot(): ConnectionSnapshot | undefined {
    return this.#snapshot;
  }

  /** The version that is spoken, or that will be tried next. */
  get version(): ProtocolVersion {
    return this.#course.version;
  }

  /** How many connections there were. */
  get connections(): number {
    return this.#connections;
  }

  get isRunning(): boolean {
    return this.#run !== undefined || this.#isKept;
  }

  /** Resolves when connected for the first time; goes on by itself after that. */
  start(): Promise<ConnectionSnapshot> {
    this.#outage.begin();
    return this.#search(async (signal) => {
      this.#phase = 'options';
      await unlessAborted(this.#parts.prepare(), signal);
    });
  }

  /** Ends the attempts; a connection that stands is left to its owner. */
  stop(reason: MqttError): void {
    const run = this.#run;
    this.#run = undefined;
    this.#isKept = false;
    run?.abort(reason);
  }

  /** Makes the attempt now that waits for its time. */
  hurry(): void {
    this.#endPause?.();
  }

  /** The driver has lost, or ended, its connection. */
  connectionEnded(error: MqttError | undefined): void {
    const snapshot = this.#snapshot;
    this.#snapshot = undefined;
    this.#renewal?.stop();
    if (this.#trial !== undefined) this.#trial.ended = { error };
    else if (snapshot !== undefined) this.#lost(snapshot, error);
  }

  // Nobody waits for the end of a connection that stands, so that it costs no memory: this goes on from there.
  #lost({ connectedAt }: ConnectionSnapshot, error: MqttError | undefined): void {
    const { options, status } = this.#parts;
    const isRenewing = this.#isRenewing && error === undefined;
    this.#isRenewing = false;
    if (this.#isKept && isRenewing) {
      this.#isKept = false;
      this.#outage.begin();
      this.#search(() => Promise.resolve()).catch(doNothing);
      return;
    }
    if (this.#isKept && error !== undefined) {
      this.#isKept = false;
      const livedMs = options.clock.now() - connectedAt;
      const found = this.#outage.connectionEnded({ livedMs, error, version: this.version });
      if (this.#outage.isLong(livedMs)) this.#course.lasted();
      // Who cares for the outcome looks at the status.
      this.#search((signal) => this.#recover(found, signal, true)).catch(doNothing);
      return;
    }
    this.#isKept = false;
    // Unless the user has begun anew.
    if (this.#run === undefined) status.set({ type: 'disconnected', error: undefined });
  }

  /** Attempts until a connection stands, or none is left to make. */
  async #search(prepare: (signal: AbortSignal) => Promise<void>): Promise<ConnectionSnapshot> {
    const run = new AbortController();
    this.#run = run;
    try {
      await prepare(run.signal);
      return await this.#reach(run);
    } catch (error) {
      this.#giveUp(run, toMqttError(error));
      throw error;
    }
  }

  #giveUp(run: AbortController, error: MqttError): void {
    const { status } = this.#parts;
    // The user has stopped it, and perhaps begun anew.
    if (this.#run === run) this.#run = undefined;
    if (this.isRunning) return;
    if (run.signal.aborted) status.set({ type: 'disconnected', error: undefined });
    else {
      status.set({ type: 'disconnected', error, phase: this.#phase });
      this.#parts.gaveUp(error);
    }
  }

  async #reach(run: AbortController): Promise<ConnectionSnapshot> {
    const { driver } = this.#parts;
    const { signal } = run;
    for (;;) {
      this.#outage.nextAttempt();
      // The last packets of the connection before may still be on their way.
      await driver.gone();
      if (signal.aborted) throw signal.reason;
      this.#phase = 'options';
      const trial: Trial = { ended: undefined };
      this.#trial = trial;
      const result = await this.#try(trial, signal);
      if (this.#trial === trial) this.#trial = undefined;
      if ('snapshot' in result) {
        this.#stands(run, trial, result.snapshot);
        return result.snapshot;
      }
      if (signal.aborted) throw signal.reason;
      await this.#recover(result.error, signal, false);
    }
  }

  async #try(
    trial: Trial,
    signal: AbortSignal,
  ): Promise<{ readonly snapshot: ConnectionSnapshot } | { readonly error: MqttError }> {
    try {
      const snapshot = await this.#attempt(signal);
      if (snapshot !== undefined) return { snapshot };
    } catch (error) {
      return { error: toMqttError(error) };
    }
    // CONNACK has come, but the connection was over in the same moment.
    await this.#parts.driver.gone();
    return { error: trial.ended?.error ?? new ConnectionLostError() };
  }

  #stands(run: AbortController, trial: Trial, snapshot: ConnectionSnapshot): void {
    this.#hasConnected = true;
    this.#phase = 'connected';
    // Unless it was stopped in the same moment.
    if (this.#run === run) {
      this.#run = undefined;
      this.#isKept = true;
    }
    if (trial.ended !== undefined) this.#lost(snapshot, trial.ended.error);
  }

  /** What follows: another course at once, the next attempt after its delay, or the end, which it throws. */
  async #recover(error: MqttError, signal: AbortSignal, wasConnected: boolean): Promise<void> {
    const { options, status } = this.#parts;
    const { reconnect, clock } = options;
    const outage = this.#outage;
    if (this.#course.changesAfter(error)) {
      status.set({ type: 'waiting', attempt: outage.attempt, phase: this.#phase, error, delayMs: 0 });
      outage.changeCourse(error);
      return;
    }
    this.#course.ended(wasConnected);
    if (!this.#hasConnected && (reconnect === false || !reconnect.initial)) throw error;
    const delayMs = outage.delayAfter(error);
    status.set({ type: 'waiting', attempt: outage.attempt, phase: this.#phase, error, delayMs });
    const onBegin = (endEarly: () => void): void => {
      this.#endPause = endEarly;
    };
    await pause({ clock, delayMs, onBegin }, signal);
    this.#endPause = undefined;
  }

  #attempt(signal: AbortSignal): Promise<ConnectionSnapshot | undefined> {
    const { attempt, lastError } = this.#outage;
    const plan = {
      attempt,
      lastError,
      isFirst: !this.#hasConnected,
      course: this.#course,
      reached: (phase: AttemptPhase) => {
        this.#phase = phase;
      },
      accepted: (connack: ConnackPacket, facts: AcceptedFacts) => this.#take(connack, facts),
    };
    return attemptConnection(this.#parts, plan, signal);
  }

  /** The connection begins anew with fresh credentials, and what is on its way has a moment to end before. */
  async #renew(): Promise<void> {
    const { session, driver, options, publishing } = this.#parts;
    const snapshot = this.#snapshot;
    await drain({ session, publishing, clock: options.clock }, RENEWAL_DRAIN_MS);
    // It may have ended meanwhile.
    if (!this.#isKept || this.#snapshot !== snapshot || !session.isConnected) return;
    this.#isRenewing = true;
    session.disconnect({ reasonCode: 0 }, driver.now);
    driver.schedule();
  }

  #take(connack: ConnackPacket, { transport, credentialsExpireAt }: AcceptedFacts): ConnectionSnapshot | undefined {
    const { session, driver, options } = this.#parts;
    const { agreement, clientId } = session;
    if (agreement === undefined) return undefined;
    this.#connections += 1;
    if (credentialsExpireAt !== undefined || options.given.auth?.expiresAt !== undefined) {
      this.#renewal ??= new Renewal(this.#parts, () => void this.#renew());
      this.#renewal.plan(credentialsExpireAt);
    }
    this.#snapshot = takeSnapshot({
      agreement,
      connack,
      clientId,
      version: this.version,
      connectedAt: driver.now,
      transport,
      number: this.#connections,
    });
    return this.#snapshot;
  }
}

function doNothing(): void {
  // Nothing to do.
}
