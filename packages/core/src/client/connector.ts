/** Connects, and connects again: attempts, deadlines, delays, the version to speak, the server to go to. */
import { type ConnackPacket, MalformedPacketError, type MqttError, type ProtocolVersion } from '@omqtt/codec';
import type { ConnectionInfo, Target } from '@omqtt/contracts';
import type { Session } from '../session/index.ts';
import { connectRequest } from './connect-request.ts';
import { type ConnectionSnapshot, takeSnapshot } from './connection-snapshot.ts';
import type { Driver } from './driver.ts';
import { DialError, TimeoutError, toMqttError } from './errors.ts';
import type { Operations } from './operations.ts';
import type { AttemptContext, ClientWiring } from './options.ts';
import { Outage } from './outage.ts';
import { provide } from './provide.ts';
import { Redirects } from './redirects.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { AttemptPhase, StatusBoard } from './status.ts';
import { displayUrl, parseUrl } from './target.ts';
import { pause, unlessAborted } from './wait-limit.ts';

export interface ConnectorParts {
  readonly wiring: ClientWiring;
  readonly options: ResolvedOptions;
  readonly session: Session;
  readonly driver: Driver;
  readonly operations: Operations;
  readonly status: StatusBoard;
  /** Has to be done before the first attempt. */
  readonly prepare: () => Promise<void>;
  /** Nothing more will be tried. */
  readonly gaveUp: (error: MqttError) => void;
}

export class Connector {
  readonly #parts: ConnectorParts;
  readonly #redirects: Redirects;
  #version: ProtocolVersion;
  #snapshot: ConnectionSnapshot | undefined;
  /** Ends whatever is being waited for; `undefined` when nothing runs. */
  #run: AbortController | undefined;
  #ended: ((error: MqttError | undefined) => void) | undefined;
  #hasConnected = false;
  #connections = 0;
  #phase: AttemptPhase = 'options';
  #target: Target | undefined;
  #turn = 0;

  constructor(parts: ConnectorParts) {
    this.#parts = parts;
    this.#version = parts.options.version;
    this.#redirects = new Redirects(parts.options.given.followRedirects);
  }

  get snapshot(): ConnectionSnapshot | undefined {
    return this.#snapshot;
  }

  /** The version that is spoken, or that will be tried next. */
  get version(): ProtocolVersion {
    return this.#version;
  }

  /** How many connections there were. */
  get connections(): number {
    return this.#connections;
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Resolves when connected for the first time; goes on by itself after that. */
  start(): Promise<ConnectionSnapshot> {
    const run = new AbortController();
    this.#run = run;
    return new Promise((resolve, reject) => {
      const over = (error: MqttError | undefined): void => {
        if (error !== undefined) reject(error);
        // The user has stopped it, and perhaps begun anew.
        const isStopped = run.signal.aborted;
        if (this.#run === run) this.#run = undefined;
        if (this.#run !== undefined) return;
        if (isStopped || error === undefined) this.#parts.status.set({ type: 'disconnected', error: undefined });
        else {
          this.#parts.status.set({ type: 'disconnected', error, phase: this.#phase });
          this.#parts.gaveUp(error);
        }
      };
      this.#keepConnected(run.signal, resolve).then(
        () => over(undefined),
        (error: unknown) => over(toMqttError(error)),
      );
    });
  }

  /** Ends the attempts; a connection that stands is left to its owner. */
  stop(reason: MqttError): void {
    const run = this.#run;
    this.#run = undefined;
    run?.abort(reason);
  }

  /** The driver has lost, or ended, its connection. */
  connectionEnded(error: MqttError | undefined): void {
    this.#snapshot = undefined;
    this.#ended?.(error);
    this.#ended = undefined;
  }

  async #keepConnected(signal: AbortSignal, connected: (snapshot: ConnectionSnapshot) => void): Promise<void> {
    const { options, prepare, status } = this.#parts;
    const { reconnect, clock } = options;
    const outage = new Outage(reconnect, options.random);
    this.#phase = 'options';
    await unlessAborted(prepare(), signal);
    for (;;) {
      outage.nextAttempt();
      const { error, wasConnected } = await this.#live(outage, signal, connected);
      if (error === undefined) return;
      if (signal.aborted) throw signal.reason;
      if (this.#changesCourse(error)) {
        outage.changeCourse(error);
        continue;
      }
      this.#redirects.ended(wasConnected);
      if (!this.#hasConnected && (reconnect === false || !reconnect.initial)) throw error;
      const delayMs = outage.delayAfter(error);
      status.set({ type: 'waiting', attempt: outage.attempt, phase: this.#phase, error, delayMs });
      await pause(clock, delayMs, signal);
    }
  }

  /** From the attempt to the end of its connection. There is no error when this side wanted it so. */
  async #live(
    outage: Outage,
    signal: AbortSignal,
    connected: (snapshot: ConnectionSnapshot) => void,
  ): Promise<{ readonly error: MqttError | undefined; readonly wasConnected: boolean }> {
    const { options, driver } = this.#parts;
    // The last packets of the connection before may still be on their way.
    await driver.gone();
    if (signal.aborted) throw signal.reason;
    const ended = new Promise<MqttError | undefined>((resolve) => {
      this.#ended = resolve;
    });
    this.#phase = 'options';
    let snapshot: ConnectionSnapshot | undefined;
    try {
      snapshot = await this.#attempt(outage, signal);
    } catch (error) {
      return { error: toMqttError(error), wasConnected: false };
    }
    // CONNACK has come, but the connection was gone in the same moment.
    if (snapshot === undefined) return { error: await ended, wasConnected: false };
    this.#hasConnected = true;
    this.#phase = 'connected';
    connected(snapshot);
    const error = await ended;
    const livedMs = options.clock.now() - snapshot.connectedAt;
    outage.connectionEnded(livedMs);
    if (outage.isLong(livedMs)) this.#redirects.lasted();
    return { error, wasConnected: true };
  }

  /** One deadline over everything, and nothing that goes on after it. */
  async #attempt({ attempt, lastError }: Outage, signal: AbortSignal): Promise<ConnectionSnapshot | undefined> {
    const { options, driver } = this.#parts;
    const limit = new AbortController();
    const onStop = (): void => limit.abort(signal.reason);
    signal.addEventListener('abort', onStop, { once: true });
    const stopTimer = options.clock.wakeAt(options.clock.now() + options.connectTimeoutMs, () =>
      limit.abort(new TimeoutError('connecting', options.connectTimeoutMs)),
    );
    try {
      const context = { attempt, lastError, signal: limit.signal };
      return await unlessAborted(this.#connect(context), limit.signal);
    } catch (error) {
      driver.abandon(toMqttError(error));
      throw error;
    } finally {
      stopTimer();
      signal.removeEventListener('abort', onStop);
    }
  }

  async #connect(context: AttemptContext): Promise<ConnectionSnapshot | undefined> {
    const { options, driver, session, operations, status } = this.#parts;
    const url = await this.#nextUrl(context);
    context.signal.throwIfAborted();
    const { target, credentials } = parseUrl(url, options.given);
    this.#target = target;
    status.set({ type: 'connecting', attempt: context.attempt, url: displayUrl(target) });
    const request = await connectRequest(options, context, {
      version: this.#version,
      fallback: credentials,
      isFirst: !this.#hasConnected,
    });
    context.signal.throwIfAborted();
    this.#phase = 'connect';
    const connection = await this.#dial(target, context.signal);
    if (context.signal.aborted) {
      connection.destroy();
      context.signal.throwIfAborted();
    }
    this.#phase = 'handshake';
    driver.attach(connection, this.#version);
    const connack = (await operations.begin('connecting', (operation) => {
      session.connect({ ...request, operation }, driver.now);
      driver.flush();
    })) as ConnackPacket;
    const snapshot = this.#take(connack, connection.info);
    if (snapshot !== undefined) status.set({ type: 'connected', connection: snapshot });
    return snapshot;
  }

  async #dial(target: Target, signal: AbortSignal): ReturnType<ClientWiring['dial']> {
    try {
      return await this.#parts.wiring.dial(target, signal);
    } catch (error) {
      const failure = new DialError(error);
      this.#phase = failure.phase;
      throw failure;
    }
  }

  #take(connack: ConnackPacket, transport: ConnectionInfo): ConnectionSnapshot | undefined {
    const { session, driver } = this.#parts;
    const { agreement, clientId } = session;
    if (agreement === undefined) return undefined;
    this.#connections += 1;
    this.#snapshot = takeSnapshot({
      agreement,
      connack,
      clientId,
      version: this.#version,
      connectedAt: driver.now,
      transport,
      number: this.#connections,
    });
    return this.#snapshot;
  }

  async #nextUrl(context: AttemptContext): Promise<string> {
    if (this.#redirects.url !== undefined) return this.#redirects.url;
    const urls = await provide(this.#parts.wiring.url, context);
    const list = typeof urls === 'string' ? [urls] : urls;
    const url = list[this.#turn % list.length] ?? '';
    this.#turn += 1;
    return url;
  }

  /** Another version, or another server: tried at once, since the server has said what it wants. */
  #changesCourse(error: MqttError): boolean {
    if (this.#fallsBack(error)) {
      // To the same server.
      if (this.#redirects.url === undefined) this.#turn -= 1;
      return true;
    }
    return this.#target !== undefined && this.#redirects.follow(error, this.#target);
  }

  #fallsBack(error: MqttError): boolean {
    const isRefused =
      (error.code === 'connect-refused' && error.reasonCode === 0x84) ||
      (error instanceof MalformedPacketError && error.problem === 'unsupported-protocol');
    if (!isRefused || !this.#parts.options.mayFallBack || this.#version === '3.1.1') return false;
    this.#version = '3.1.1';
    return true;
  }
}
