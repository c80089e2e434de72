/** The byte stream below a WebSocket: the only file that knows the events of a socket that connects. */
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { ConnectionInfo, DialPhase, Target, TransportError } from '@omqtt/contracts';
import { WebSocketTransportError } from '../transport-error.ts';
import { hostAndPort } from '../web-socket-url.ts';
import { abortable } from './abortable.ts';
import { secureStream } from './secure-stream.ts';
import { notConnected } from './socket-errors.ts';

/** Opens a plain byte stream to `target.host` and `target.port`, for example through `target.proxy`. */
export type DialSocket = (target: Target, signal: AbortSignal) => Promise<Duplex>;

export interface StreamDial {
  readonly target: Target;
  readonly signal: AbortSignal;
  readonly dialSocket: DialSocket | undefined;
  /** Undefined: no TLS. */
  readonly tls: ConnectionOptions | undefined;
}

export interface OpenedStream {
  readonly stream: Duplex;
  readonly info: ConnectionInfo;
}

/** Connects, directly or through the hook, and adds TLS where it is asked for. */
export async function openStream({ target, signal, dialSocket, tls }: StreamDial): Promise<OpenedStream> {
  const raw = dialSocket ? await dialThrough(dialSocket, target, signal) : await connectSocket(target, signal);
  // Whoever uses the stream hears of an error too; but there are moments between two users.
  raw.on('error', ignore);
  // Behind a proxy, the address of the socket is that of the proxy.
  const peer = dialSocket ? hostAndPort(target) : addressOf(raw, target);
  if (!tls) return { stream: raw, info: { peer, isSecure: false } };

  const secured = await secureStream({ raw, settings: tls, target, signal });
  secured.stream.on('error', ignore);
  return { stream: secured.stream, info: { peer, isSecure: true, tls: secured.info } };
}

function connectSocket(target: Target, signal: AbortSignal): Promise<Socket> {
  const { host, port, localAddress } = target;
  const from = localAddress === undefined ? {} : { localAddress, family: isIP(localAddress) };
  // Both families are tried, so a name whose IPv6 address leads nowhere still connects.
  const socket = connect({ host, port, noDelay: true, autoSelectFamily: true, ...from });
  let phase: DialPhase = isIP(host) === 0 ? 'dns' : 'connect';
  return abortable<Socket>(signal, {
    phase: () => phase,
    begin(resolve, reject) {
      socket.on('lookup', (error) => {
        if (!error) phase = 'connect';
      });
      socket.once('error', (error) => reject(notConnected(hostAndPort(target), phase, error)));
      socket.once('connect', () => resolve(socket));
    },
    undo: () => {
      socket.on('error', ignore);
      socket.destroy();
    },
  });
}

function dialThrough(dialSocket: DialSocket, target: Target, signal: AbortSignal): Promise<Duplex> {
  const phase: DialPhase = target.proxy === undefined ? 'connect' : 'proxy';
  return abortable<Duplex>(signal, {
    phase: () => phase,
    begin(resolve, reject) {
      const dialling = dialSocket(target, signal).then((stream) => {
        // It came too late: nobody takes it any more.
        if (signal.aborted) stream.destroy();
        return resolve(stream);
      });
      dialling.catch((error: unknown) => reject(isTransportError(error) ? error : notDialled(phase, error)));
    },
    undo: ignore,
  });
}

function isTransportError(error: unknown): error is TransportError {
  return error instanceof Error && 'code' in error && 'phase' in error && 'retryable' in error;
}

function notDialled(phase: DialPhase, cause: unknown): WebSocketTransportError {
  const code = phase === 'proxy' ? 'proxy-failed' : 'unreachable';
  return new WebSocketTransportError('dialSocket found no way to the server.', { code, phase, retryable: true, cause });
}

function addressOf(stream: Duplex, target: Target): string {
  const { remoteAddress: host, remotePort: port } = stream as Partial<Socket>;
  return hostAndPort({ host: host ?? target.host, port: port ?? target.port });
}

function ignore(): void {}
