/** A leg over a socket of Node: TCP, TLS or a Unix socket. */
import type { Socket } from 'node:net';
import type { Leg, LegSink } from './leg.ts';

export class SocketLeg implements Leg {
  readonly peer: string;
  readonly #socket: Socket;
  /** Under TLS the socket that carries it: only that one can be reset. */
  readonly #carrier: Socket;
  #isReset = false;

  constructor(socket: Socket, { peer, carrier = socket }: { readonly peer: string; readonly carrier?: Socket }) {
    this.#socket = socket;
    this.#carrier = carrier;
    this.peer = peer;
    // The error of a connection that broke before the relay begins; `start` looks at what it left.
    socket.setNoDelay(true).on('error', () => {
      this.#isReset = true;
    });
  }

  start(sink: LegSink): void {
    const socket = this.#socket;
    const closed = (): void => sink.closed(this.#isReset ? 'reset' : 'clean');
    if (socket.destroyed) {
      queueMicrotask(closed);
      return;
    }
    socket
      .on('data', (chunk: Buffer) => sink.bytes(chunk))
      .on('drain', () => sink.drained())
      .on('end', () => sink.ended())
      .on('close', closed);
  }

  write(bytes: Uint8Array): boolean {
    return this.#socket.writable ? this.#socket.write(bytes) : true;
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#isReset = true;
    // Something else than TCP has no reset: a Unix socket, or TLS whose carrier is gone.
    try {
      this.#carrier.resetAndDestroy();
    } catch {
      this.#carrier.destroy();
    }
    this.#socket.destroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}

export function peerOf({ remoteAddress = 'unknown', remotePort = 0 }: Socket): string {
  return `${remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress}:${remotePort}`;
}
