/** The only file that knows the events of `ws`. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionInfo, Target } from '@omqtt/contracts';
import { WebSocket, type ClientOptions, type RawData } from 'ws';
import { errorOfEnding } from '../ending.ts';
import { FrameConnection, type CloseCode, type FrameSocket } from '../frame-connection.ts';
import { brokenProtocol, refused, WebSocketTransportError } from '../transport-error.ts';
import type { WebSocketLimits } from '../web-socket-options.ts';
import { SUB_PROTOCOL } from '../web-socket-url.ts';
import { abortable } from './abortable.ts';
import { brokenSocket, systemCode } from './socket-errors.ts';

export interface WsDial {
  readonly target: Target;
  readonly url: URL;
  /** Connected, with TLS where the URL wants it. */
  readonly stream: Duplex;
  /** What is known of the stream. */
  readonly info: ConnectionInfo;
  readonly signal: AbortSignal;
  readonly limits: Required<WebSocketLimits>;
}

/** Makes a WebSocket out of the stream, and rejects when the server does not take part or does not speak MQTT. */
export function openWsSocket(dial: WsDial): Promise<FrameConnection> {
  const { stream, signal } = dial;
  let socket: WebSocket | undefined;
  return abortable<FrameConnection>(signal, {
    phase: () => 'websocket',
    begin(resolve, reject) {
      const opening = new WebSocket(dial.url, [SUB_PROTOCOL], wsOptions(dial));
      socket = opening;
      // Someone has to listen all the time: without a listener an error would end the process.
      const onError = (error: Error): void => reject(handshakeError(error));
      opening.on('error', onError);
      opening.once('unexpected-response', (_request: ClientRequest, { statusCode = 0 }: IncomingMessage) =>
        reject(refusedWith(statusCode)),
      );
      opening.once('upgrade', ({ headers }) => {
        if (headers['sec-websocket-protocol'] !== SUB_PROTOCOL) reject(notForMqtt());
      });
      opening.once('open', () => {
        resolve(connectionOver(opening, dial));
        opening.off('error', onError);
      });
    },
    undo: () => {
      socket?.terminate();
      stream.destroy();
    },
  });
}

function wsOptions({ stream, target, limits }: WsDial): ClientOptions {
  const options: ClientOptions & { readonly closeTimeout: number } = {
    createConnection: () => stream as ReturnType<NonNullable<ClientOptions['createConnection']>>,
    headers: { ...target.headers },
    maxPayload: limits.maxFrameBytes,
    closeTimeout: limits.closeTimeoutMs,
    followRedirects: false,
    // MQTT payloads are small, or compressed already, and each end would keep a window for each connection.
    perMessageDeflate: false,
  };
  return options;
}

function refusedWith(status: number): WebSocketTransportError {
  const isTemporary = status === 429 || status >= 500;
  const advice = isTemporary ? 'It may take it later' : 'Check the path (often /mqtt) and what the server asks for';
  return refused(`The server answered the WebSocket handshake with HTTP status ${status}. ${advice}.`, isTemporary);
}

function notForMqtt(): WebSocketTransportError {
  return refused(`The server did not select the sub-protocol ${SUB_PROTOCOL}: this WebSocket is not for MQTT.`);
}

/** Without a code of the system, the answer was not that of a WebSocket: a wrong key, or not even HTTP. */
function handshakeError(cause: Error): WebSocketTransportError {
  const ofSocket = brokenSocket(cause);
  if (ofSocket) return ofSocket;
  const message = `The server did not answer like a WebSocket: ${cause.message}`;
  return new WebSocketTransportError(message, {
    code: 'websocket-protocol',
    phase: 'websocket',
    retryable: false,
    cause,
  });
}

function connectionOver(socket: WebSocket, { stream, info, limits }: WsDial): FrameConnection {
  // What came together with the answer stays in the stream until `start`.
  socket.pause();
  const frames = new WsFrames(socket, stream);
  const connection = new FrameConnection(frames, { ...info, protocol: socket.protocol }, limits);
  frames.tell(connection);

  // `ws` keeps the reason of a broken socket to itself.
  let cause: Error | undefined;
  stream.once('error', (error) => {
    cause = error;
  });
  socket.on('error', (error) => connection.fail(brokenFrame(error, limits), 1002));
  socket.once('close', (code, reason) => connection.ended(errorOfEnding({ code, reason: reason.toString(), cause })));
  return connection;
}

class WsFrames implements FrameSocket {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  #onSent: (() => void) | undefined;

  constructor(socket: WebSocket, stream: Duplex) {
    this.#socket = socket;
    this.#stream = stream;
  }

  tell(connection: FrameConnection): void {
    this.#onSent = () => connection.flushed();
    this.#socket.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) connection.receive(plainBytes(data as Buffer));
      else connection.fail(brokenProtocol('The server sent a text frame; MQTT is binary.'), 1003);
    });
  }

  get waitingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(bytes: Uint8Array): void {
    this.#socket.send(bytes, this.#onSent);
  }

  // Every `send` is followed up anyway.
  watchFlushes(): void {}

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(code: CloseCode, reason: string): void {
    this.#socket.close(code, reason);
  }

  destroy(): void {
    this.#socket.terminate();
  }

  unref(): void {
    // A stream that the user dialled need not be a socket.
    (this.#stream as Partial<Pick<Socket, 'unref'>>).unref?.();
  }
}

// `slice` of a Buffer shares memory, that of a Uint8Array copies: who gets the bytes relies on the latter.
function plainBytes({ buffer, byteOffset, byteLength }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function brokenFrame(cause: Error, { maxFrameBytes }: Required<WebSocketLimits>): WebSocketTransportError {
  if (systemCode(cause) !== 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return brokenProtocol('The server broke the rules of WebSocket frames.', cause);
  }
  return brokenProtocol(`The server sent a message of more than ${maxFrameBytes} bytes.`, cause);
}
