/** Connects, and connects again: attempts, deadlines, delays, the version to speak, the server to go to. */
import { type ConnackPacket, MalformedPacketError, MqttError, type ProtocolVersion } from '@omqtt/codec';
import { isRedirect, type Session } from '../session/index.ts';
import { backoffMs } from './backoff.ts';
import { connectRequest } from './connect-request.ts';
import type { ConnectionSnapshot } from './connection-snapshot.ts';
import type { Driver } from './driver.ts';
import { AbortedError, ClientClosedError, TimeoutError, toMqttError } from './errors.ts';
import type { Operations } from './operations.ts';
import type { AttemptContext, ClientWiring } from './options.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { StatusBoard } from './status.ts';
import { parseUrl } from './target.ts';
import { provide } from './provide.ts';

export interface ConnectorParts {
  readonly wiring: ClientWiring;
  readonly options: ResolvedOptions;
  readonly session: Session;
  readonly driver: Driver;
  readonly operations: Operations;
  readonly status: StatusBoard;
  /** Nothing more will be tried. */
  readonly gaveUp: (error: MqttError) => void;
}

/** Redirects in a row that are followed. */
const MOST_HOPS = 3;

export class Connector {
  readonly #parts: ConnectorParts;
  #version: ProtocolVersion;
  #snapshot: ConnectionSnapshot | undefined;
  /** Ends whatever is being waited for; `undefined` when nothing runs. */
  #run: AbortController | undefined;
  #ended: ((error: MqttError | undefined) => void) | undefined;
  #hasConnected = false;
  #redirect: string | undefined;
  #hops = 0;
  #turn = 0;

  constructor(parts: ConnectorParts) {
    this.#parts = parts;
    this.#version = parts.options.version;
  }

  get snapshot(): ConnectionSnapshot | undefined {
    return this.#snapshot;
  }

  get version(): ProtocolVersion {
    return this.#version;
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** Resolves when connected for the first time; goes on by itself after that. */
  start(): Promise<ConnectionSnapshot> {
    const run = new AbortController();
    this.#run = run;
    return new Promise((resolve, reject) => {
      void this.#keepConnected(run, resolve).catch((error: unknown) => {
        const reason = toMqttError(error);
        if (this.#run === run) this.#run = undefined;
        this.#parts.status.set({ type: 'disconnected', error: reason });
        reject(reason);
        this.#parts.gaveUp(reason);
      });
    });
  }

  /** Ends the attempts; a connection that stands is left to its owner. */
  stop(error: MqttError = new ClientClosedError()): void {
    this.#run?.abort(error);
    this.#run = undefined;
  }

  /** The driver has lost, or ended, its connection. */
  connectionEnded(error: MqttError | undefined): void {
    this.#snapshot = undefined;
    this.#ended?.(error);
    this.#ended = undefined;
  }

  async #keepConnected(run: AbortController, connected: (snapshot: ConnectionSnapshot) => void): Promise<void> {
    const { options, status } = this.#parts;
    let lastError: MqttError | undefined;
    for (let attempt = 1; ; attempt += 1) {
      const ended = new Promise<MqttError | undefined>((resolve) => {
        this.#ended = resolve;
      });
      try {
        const snapshot = await this.#attempt({ attempt, lastError, signal: run.signal });
        this.#hasConnected = true;
        connected(snapshot);
        lastError = await ended;
        // A connection that did not last does not make the server healthy.
        if (options.clock.now() - snapshot.connectedAt >= this.#stableMs) attempt = 0;
      } catch (error) {
        lastError = toMqttError(error);
        if (run.signal.aborted) throw run.signal.reason;
        if (this.#changesCourse(lastError)) continue;
        if (!this.#hasConnected && (options.reconnect === false || !options.reconnect.initial)) throw lastError;
      }
      if (lastError === undefined || run.signal.aborted) {
        status.set({ type: 'disconnected', error: undefined });
        if (this.#run === run) this.#run = undefined;
        return;
      }
      if (this.#changesCourse(lastError)) continue;
      await this.#pause(lastError, Math.max(1, attempt), run.signal);
    }
  }

  get #stableMs(): number {
    const { reconnect } = this.#parts.options;
    return reconnect === false ? 0 : reconnect.stableMs;
  }

  async #attempt(
    context: Omit<AttemptContext, 'signal'> & { readonly signal: AbortSignal },
  ): Promise<ConnectionSnapshot> {
    const { options, driver } = this.#parts;
    const limit = new AbortController();
    const giveUp = (reason: unknown): void => {
      limit.abort(reason);
      driver.drop(reason instanceof MqttError ? reason : new AbortedError('connecting', reason));
    };
    const onStop = (): void => giveUp(context.signal.reason);
    context.signal.addEventListener('abort', onStop, { once: true });
    const stopTimer = options.clock.wakeAt(options.clock.now() + options.connectTimeoutMs, () =>
      giveUp(new TimeoutError('connecting', options.connectTimeoutMs)),
    );
    try {
      return await this.#connect({ ...context, signal: limit.signal });
    } catch (error) {
      // The reason why it was given up says more than what the transport made of it.
      throw limit.signal.aborted ? limit.signal.reason : error;
    } finally {
      stopTimer();
      context.signal.removeEventListener('abort', onStop);
    }
  }

  async #connect(context: AttemptContext): Promise<ConnectionSnapshot> {
    const { wiring, options, driver, session, operations, status } = this.#parts;
    const url = await this.#nextUrl(context);
    const { target, credentials } = parseUrl(url, options.given);
    status.set({
      type: 'connecting',
      attempt: context.attempt,
      url: `${target.scheme}://${target.host}:${target.port}`,
    });
    const request = await connectRequest(options, context, {
      version: this.#version,
      fallback: credentials,
      isFirst: !this.#hasConnected,
    });
    context.signal.throwIfAborted();
    const connection = await wiring.dial(target, context.signal);
    if (context.signal.aborted) {
      connection.destroy();
      context.signal.throwIfAborted();
    }
    driver.attach(connection, this.#version);
    const connack = (await operations.begin('connecting', (operation) => {
      session.connect({ ...request, operation }, driver.now);
      driver.flush();
    })) as ConnackPacket;
    const snapshot = this.#take(connack, connection.info);
    status.set({ type: 'connected', connection: snapshot });
    return snapshot;
  }

  #take(connack: ConnackPacket, transport: ConnectionSnapshot['transport']): ConnectionSnapshot {
    const { session, driver } = this.#parts;
    const { agreement } = session;
    // CONNACK settled the operation, but the connection may be gone again by now.
    if (agreement === undefined) throw new AbortedError('connecting', undefined);
    this.#hops = 0;
    this.#snapshot = {
      number: agreement.number,
      version: this.#version,
      clientId: session.clientId,
      sessionPresent: connack.sessionPresent,
      properties: connack.properties ?? {},
      limits: agreement.limits,
      keepAliveSeconds: agreement.keepAliveMs / 1000,
      sessionExpirySeconds: agreement.expirySeconds,
      connectedAt: driver.now,
      transport,
    };
    return this.#snapshot;
  }

  async #nextUrl(context: AttemptContext): Promise<string> {
    if (this.#redirect !== undefined) return this.#redirect;
    const urls = await provide(this.#parts.wiring.url, context);
    const list = typeof urls === 'string' ? [urls] : urls;
    const url = list[this.#turn % list.length] ?? '';
    this.#turn += 1;
    return url;
  }

  /** Another version, or another server: tried at once, since the server has said what it wants. */
  #changesCourse(error: MqttError): boolean {
    return this.#fallsBack(error) || this.#followsRedirect(error);
  }

  #fallsBack(error: MqttError): boolean {
    const isRefused =
      (error.code === 'connect-refused' && error.reasonCode === 0x84) ||
      (error instanceof MalformedPacketError && error.problem === 'unsupported-protocol');
    if (!isRefused || !this.#parts.options.mayFallBack || this.#version === '3.1.1') return false;
    this.#version = '3.1.1';
    return true;
  }

  #followsRedirect(error: MqttError): boolean {
    const { followRedirects = false } = this.#parts.options.given;
    const { reasonCode } = error;
    const reference = 'serverReference' in error ? error.serverReference : undefined;
    if (followRedirects === false || reasonCode === undefined || !isRedirect(reasonCode)) return false;
    if (typeof reference !== 'string' || this.#hops >= MOST_HOPS) return false;
    // The first of the list; the scheme of the present server, unless it brings one.
    const [first = ''] = reference.split(' ');
    const url = first.includes('://') ? first : `mqtt://${first}`;
    if (first === '' || (followRedirects !== true && !followRedirects(url))) return false;
    this.#hops += 1;
    this.#redirect = url;
    return true;
  }

  async #pause(error: MqttError, attempt: number, signal: AbortSignal): Promise<void> {
    const { options, status } = this.#parts;
    const { reconnect } = options;
    if (reconnect === false || attempt >= reconnect.maxAttempts) throw error;
    const shouldRetry = reconnect.shouldRetry?.(error) ?? error.retryable;
    if (!shouldRetry) throw error;
    const delayMs = backoffMs(reconnect, attempt, options.random());
    status.set({ type: 'waiting', attempt, error, delayMs });
    await new Promise<void>((resolve, reject) => {
      const cancel = options.clock.wakeAt(options.clock.now() + delayMs, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      const onAbort = (): void => {
        cancel();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
