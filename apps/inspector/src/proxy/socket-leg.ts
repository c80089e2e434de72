/** A leg over a socket of Node: TCP, TLS or a Unix socket. */
import type { Socket } from 'node:net';
import type { Leg, LegSink } from './leg.ts';

/** Not in Node 20. */
const canFree = 'transfer' in ArrayBuffer.prototype;

interface Transferable extends ArrayBuffer {
  transfer(newByteLength: number): ArrayBuffer;
}

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
    // A chunk as long as the limit is refused even when the system takes it at once.
    return !this.#socket.writable || this.#socket.write(bytes) || this.hasSentAll;
  }

  get hasSentAll(): boolean {
    return this.#socket.writableLength === 0;
  }

  /**
   * Every read has a buffer of its own. Left to the collector, many of them make it look through the whole heap several
   * times in a hundred milliseconds, which costs as much as forwarding.
   */
  free({ buffer, byteLength }: Uint8Array): void {
    const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    if (isOwn && canFree) (buffer as Transferable).transfer(0);
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#isReset = true;
    if (isShuttingDown(this.#socket)) this.#carrier.destroy();
    else resetCarrier(this.#carrier);
    this.#socket.destroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}

/**
 * Everything was written, and the end is on its way to the kernel: for a turn of the loop, under TLS until its goodbye is
 * written. A reset fails meanwhile (EINVAL of uv_tcp_close_reset), and Node takes the handle for closed all the same: the
 * descriptor would stay open for ever, and the process would never end. What was written and not sent yet, so that the
 * end still waits behind it, does not hinder a reset.
 */
function isShuttingDown({ writableEnded, writableLength, writableFinished }: Socket): boolean {
  return writableEnded && writableLength === 0 && !writableFinished;
}

/** Something else than TCP has no reset: a Unix socket, or TLS whose carrier is gone. */
function resetCarrier(carrier: Socket): void {
  try {
    carrier.resetAndDestroy();
  } catch {
    carrier.destroy();
  }
}

export function peerOf({ remoteAddress = 'unknown', remotePort = 0 }: Socket): string {
  return `${remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress}:${remotePort}`;
}
