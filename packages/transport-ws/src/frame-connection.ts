/** A connection over a WebSocket, whichever it is: the part that does not depend on the events of a platform. */
import type { Connection, ConnectionInfo, ConnectionSink } from '@omqtt/contracts';
import { InboundQueue } from './inbound-queue.ts';
import { brokenProtocol, type WebSocketTransportError } from './transport-error.ts';
import type { WebSocketLimits } from './web-socket-options.ts';

/** What a connection needs of a WebSocket that is open. */
export interface FrameSocket {
  /** What was sent, and waits for the network. */
  readonly waitingBytes: number;
  /** One binary message. [5.0 MQTT-6.0.0-1] */
  send(bytes: Uint8Array): void;
  /** From now on, until the socket is gone, `flushed` has to be called when bytes may have left. */
  watchFlushes(): void;
  pause(): void;
  resume(): void;
  /** Sends what waits, then the close frame; `ended` follows when the peer agrees. */
  close(code: CloseCode, reason: string): void;
  /** Ends without the peer; `ended` follows soon. */
  destroy(): void;
  unref?(): void;
}

/** 1000: all is well. 1002: the peer broke the protocol. 1003: text. 1008: more than this side takes. 1009: too large. */
export type CloseCode = 1000 | 1002 | 1003 | 1008 | 1009;

export class FrameConnection implements Connection {
  readonly info: ConnectionInfo;
  readonly #socket: FrameSocket;
  readonly #limits: Required<WebSocketLimits>;
  readonly #inbound: InboundQueue;
  #sink: ConnectionSink | undefined;
  #isPaused = true; // until `start`
  #isStalled = false;
  /** This side ends it: nothing goes in or out any more. */
  #isEnding = false;
  #isGone = false;
  #error: WebSocketTransportError | undefined;
  #closeTimer: ReturnType<typeof setTimeout> | undefined;
  #whenGone: (() => void)[] = [];

  constructor(socket: FrameSocket, info: ConnectionInfo, limits: Required<WebSocketLimits>) {
    this.#socket = socket;
    this.info = info;
    this.#limits = limits;
    this.#inbound = new InboundQueue(limits.maxPausedBytes);
  }

  start(sink: ConnectionSink): void {
    this.#sink = sink;
    this.resume();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isEnding || this.#isGone) return false;
    if (bytes.length > 0) this.#socket.send(bytes);
    if (!this.#isStalled && this.#socket.waitingBytes > this.#limits.highWaterBytes) {
      this.#isStalled = true;
      this.#socket.watchFlushes();
    }
    return !this.#isStalled;
  }

  pause(): void {
    // An end is read to the end.
    if (this.#isPaused || this.#isEnding) return;
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#deliverSoon();
  }

  close(): Promise<void> {
    this.#end(1000, '');
    if (this.#isGone) return Promise.resolve();
    return new Promise((resolve) => this.#whenGone.push(resolve));
  }

  destroy(): void {
    this.#stopTaking();
    if (!this.#isGone) this.#socket.destroy();
  }

  unref(): void {
    this.#socket.unref?.();
  }

  /** Whether writes still wait for `flushed`. */
  get isStalled(): boolean {
    return this.#isStalled && !this.#isEnding && !this.#isGone;
  }

  /** The socket got rid of bytes. */
  flushed(): void {
    if (!this.isStalled || !this.#sink) return;
    if (this.#socket.waitingBytes > this.#limits.highWaterBytes / 2) return;
    this.#isStalled = false;
    this.#sink.drained();
  }

  /** A message came. Where its frames begin and end means nothing. [5.0 MQTT-6.0.0-2] */
  receive(chunk: Uint8Array): void {
    if (this.#isEnding || chunk.length === 0) return;
    if (this.#sink && !this.#isPaused && this.#inbound.isEmpty) {
      this.#sink.bytes(chunk);
      return;
    }
    if (this.#inbound.add(chunk)) return;
    const message = `More than ${this.#limits.maxPausedBytes} bytes came while the connection was paused.`;
    this.fail(brokenProtocol(message), 1008);
  }

  /** The peer did what this side does not accept. */
  fail(error: WebSocketTransportError, code: CloseCode): void {
    if (this.#isEnding || this.#isGone) return;
    this.#error = error;
    this.#end(code, error.message);
    // A peer that breaks the rules may never answer; the sink need not wait for that.
    this.#deliverSoon();
  }

  /** The socket is gone, with an error unless the peer ended it in order. The first call counts. */
  ended(error?: WebSocketTransportError): void {
    if (this.#isGone) return;
    this.#isGone = true;
    clearTimeout(this.#closeTimer);
    if (!this.#isEnding) this.#error = error;
    for (const resolve of this.#whenGone) resolve();
    this.#whenGone = [];
    // Not at once: the sink may just be calling this connection.
    this.#deliverSoon();
  }

  #end(code: CloseCode, reason: string): void {
    if (this.#isEnding) return;
    this.#stopTaking();
    if (this.#isGone) return;
    this.#socket.resume(); // or the answer of the peer would never be read
    this.#socket.close(code, reason);
    this.#closeTimer = setTimeout(() => this.#socket.destroy(), this.#limits.closeTimeoutMs);
  }

  /** What waits in a pause would keep the end waiting too. */
  #stopTaking(): void {
    this.#isEnding = true;
    this.#inbound.clear();
    if (this.#isGone) this.#deliverSoon();
  }

  #deliverSoon(): void {
    queueMicrotask(() => this.#deliver());
  }

  /** What waited, in the order in which it came; the end comes last, so that a farewell before it is not lost. */
  #deliver(): void {
    const sink = this.#sink;
    if (!sink) return;
    while (!this.#isPaused && !this.#inbound.isEmpty) {
      const chunk = this.#inbound.take();
      if (chunk) sink.bytes(chunk);
    }
    if ((this.#isGone || this.#error) && this.#inbound.isEmpty) this.#tellEnd(sink);
    if (this.#isGone || this.#isEnding || this.#isPaused) return;
    this.#socket.resume();
    this.flushed();
  }

  #tellEnd(sink: ConnectionSink): void {
    this.#sink = undefined;
    if (this.#error) sink.closed(this.#error);
    else sink.closed();
  }
}
