import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  peerQueue,
  socketExamPeer,
  transportExam,
  type ExamListener,
  type TransportCapabilities,
} from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { implementations } from './implementations.ts';

const capabilities: Readonly<Record<string, TransportCapabilities>> = {
  'ws on Node': { protocol: 'mqtt' },
  // It hides why there is no connection, and reads on in a pause.
  'the WebSocket of the platform': { protocol: 'mqtt', refusalCode: 'websocket-refused', canPause: false },
};

describe.each(implementations)('$name', ({ name, webSocket }) => {
  const setup = { dial: webSocket(), listen, capabilities: capabilities[name] ?? {} };
  test.each(transportExam(setup))('$title [parity Z8]', async (each) => {
    await expect(each.run()).resolves.toBeUndefined();
  });
});

async function listen(): Promise<ExamListener> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  const peers = peerQueue();
  server.on('connection', (socket, request) => peers.push(socketExamPeer(new MessageStream(socket, request))));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    target: { scheme: 'ws', host: '127.0.0.1', port, path: '/mqtt' },
    accept: () => peers.next(),
    // Resolves for those that come; those that are there end with their case.
    close: async () => {
      server.close();
    },
  };
}

/** A WebSocket of the server, as the exam wants a socket to be. */
class MessageStream {
  readonly #events = new EventEmitter();
  readonly #socket: WebSocket;
  readonly #request: IncomingMessage;

  constructor(socket: WebSocket, request: IncomingMessage) {
    this.#socket = socket;
    this.#request = request;
    socket.on('message', (data) => this.#events.emit('data', data));
    socket.on('error', (error) => this.#events.emit('error', error));
    socket.on('close', () => this.#events.emit('close'));
  }

  on(event: string, listener: (...values: never[]) => void): void {
    this.#events.on(event, listener as (...values: unknown[]) => void);
  }

  write(bytes: Uint8Array, done: (error?: Error | null) => void): void {
    this.#socket.send(bytes, done);
  }

  end(): void {
    this.#socket.close(1000);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  resetAndDestroy(): void {
    this.#request.socket.resetAndDestroy();
  }
}
