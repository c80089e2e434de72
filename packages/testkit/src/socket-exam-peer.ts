/** A far end out of a socket of Node. */
import type { ExamPeer } from './exam-peer.ts';
import { IncomingBytes } from './incoming-bytes.ts';

/** What is needed of `net.Socket` and what resembles it. */
export interface SocketLike {
  on(event: string, listener: (...values: never[]) => void): unknown;
  write(bytes: Uint8Array, done: (error?: Error | null) => void): unknown;
  end(): unknown;
  pause(): unknown;
  resume(): unknown;
  /** Sends RST. `tls.TLSSocket` cannot: give the reset of the socket below instead. */
  resetAndDestroy(): unknown;
}

/** Takes the socket over: `reset`, where given, replaces its `resetAndDestroy`. */
export function socketExamPeer(socket: SocketLike, reset: () => void = () => socket.resetAndDestroy()): ExamPeer {
  const incoming = new IncomingBytes();
  socket.on('data', (chunk: Uint8Array) => incoming.push(chunk));
  // The exam resets connections on purpose, so an error is an end like any other.
  socket.on('error', () => incoming.end());
  socket.on('end', () => incoming.end());
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      incoming.end();
      resolve();
    });
  });
  return {
    closed,
    read: (count) => incoming.read(count),
    write: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    end: () => void socket.end(),
    reset,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  };
}
