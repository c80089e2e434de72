/** The only file that knows the events of the platform's WebSocket. */
import type { ConnectionInfo, Target } from '@omqtt/contracts';
import { errorOfEnding } from '../ending.ts';
import { FrameConnection, type CloseCode, type FrameSocket } from '../frame-connection.ts';
import {
  aborted,
  brokenProtocol,
  invalidTarget,
  refused,
  unsupported,
  type WebSocketTransportError,
} from '../transport-error.ts';
import type { WebSocketLimits } from '../web-socket-options.ts';
import { hostAndPort, SUB_PROTOCOL } from '../web-socket-url.ts';
import { FlushPoll } from './flush-poll.ts';

export interface PlatformDial {
  readonly target: Target;
  readonly url: URL;
  readonly signal: AbortSignal;
  readonly limits: Required<WebSocketLimits>;
}

/** Opens a WebSocket, and rejects when it does not open or does not speak MQTT. */
export function openPlatformSocket(dial: PlatformDial): Promise<FrameConnection> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(dial.url);
    const giveUp = (error: WebSocketTransportError): void => {
      forget();
      socket.close();
      reject(error);
    };
    const onAbort = (): void => giveUp(aborted(dial.signal, 'websocket'));
    const onOpen = (): void => {
      if (socket.protocol !== SUB_PROTOCOL) {
        giveUp(refused(`The server opened a WebSocket without the sub-protocol ${SUB_PROTOCOL}: it is not for MQTT.`));
        return;
      }
      forget();
      resolve(connectionOver(socket, dial));
    };
    const onClose = (): void => giveUp(notOpened(dial.target));
    const forget = (): void => {
      dial.signal.removeEventListener('abort', onAbort);
      socket.removeEventListener('open', onOpen);
      socket.removeEventListener('close', onClose);
    };
    dial.signal.addEventListener('abort', onAbort);
    socket.addEventListener('open', onOpen);
    socket.addEventListener('close', onClose);
  });
}

function createSocket(url: URL): WebSocket {
  // Asked for at every dial: some test environments put it there late.
  const { WebSocket: PlatformWebSocket } = globalThis as { readonly WebSocket?: typeof WebSocket };
  if (!PlatformWebSocket) throw unsupported('This runtime has no WebSocket.');
  try {
    const socket = new PlatformWebSocket(url.href, [SUB_PROTOCOL]);
    socket.binaryType = 'arraybuffer';
    return socket;
  } catch (cause) {
    throw invalidTarget(
      'The platform does not allow a WebSocket to this URL, for example ws: from a page of https:.',
      cause,
    );
  }
}

// A page must not be able to explore a network, so the platform hides what went wrong. Most of it can pass.
function notOpened(target: Target): WebSocketTransportError {
  const message =
    `No WebSocket to ${hostAndPort(target)}, and the platform does not say why: the server may be out of reach, ` +
    `its certificate not trusted, the path not the one for MQTT (often /mqtt), or the sub-protocol ${SUB_PROTOCOL} unknown.`;
  return refused(message, true);
}

function connectionOver(socket: WebSocket, { target, limits }: PlatformDial): FrameConnection {
  const info: ConnectionInfo = {
    peer: hostAndPort(target),
    isSecure: target.scheme === 'wss',
    protocol: socket.protocol,
  };
  const frames = new PlatformFrames(socket);
  const connection = new FrameConnection(frames, info, limits);
  frames.tell(connection, limits.maxFrameBytes);
  return connection;
}

class PlatformFrames implements FrameSocket {
  readonly #socket: WebSocket;
  #connection: FrameConnection | undefined;
  #poll: FlushPoll | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  tell(connection: FrameConnection, maxFrameBytes: number): void {
    this.#connection = connection;
    this.#socket.addEventListener('message', (event) => {
      const data: unknown = event.data;
      if (!(data instanceof ArrayBuffer)) {
        connection.fail(brokenProtocol('The server sent a text frame; MQTT is binary.'), 1003);
      } else if (data.byteLength > maxFrameBytes) {
        connection.fail(brokenProtocol(`The server sent a message of more than ${maxFrameBytes} bytes.`), 1009);
      } else {
        connection.receive(new Uint8Array(data));
      }
    });
    this.#socket.addEventListener('close', ({ code, reason }) => this.#end(errorOfEnding({ code, reason })));
  }

  get waitingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  watchFlushes(): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#poll ??= new FlushPoll(connection);
    this.#poll.start();
  }

  // The platform reads on; what it reads waits in the connection.
  pause(): void {}
  resume(): void {}

  close(code: CloseCode, reason: string): void {
    // A page may send 1000 and numbers of its own from 4000 on; the others are for the platform.
    this.#socket.close(code === 1000 ? code : code + 3000, reason);
  }

  // There is nothing harder than `close` here, so the platform ends the socket in its own time, unseen.
  destroy(): void {
    this.#socket.close();
    queueMicrotask(() => this.#end());
  }

  #end(error?: WebSocketTransportError): void {
    this.#poll?.stop();
    this.#connection?.ended(error);
  }
}
