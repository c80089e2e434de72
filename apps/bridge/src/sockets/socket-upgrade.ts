/** WebSockets on a server of Fastify: what asks for an upgrade goes through the same hooks and routes as everything else. */
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type WebSocket, WebSocketServer } from 'ws';
import { BridgeProblem } from '../problems/problem.ts';

interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

const REFUSAL = 'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';

/** Only what can become a WebSocket leaves the usual way. Node before 24.9 does not ask. */
export function mayUpgrade({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

export class SocketUpgrade {
  readonly #upgrades = new WeakMap<IncomingMessage, Upgrade>();
  readonly #webSockets: WebSocketServer;

  constructor(server: FastifyInstance, maximumMessageBytes: number) {
    this.#webSockets = new WebSocketServer({
      noServer: true,
      // Memory for each of many sockets, for messages that are short.
      perMessageDeflate: false,
      maxPayload: maximumMessageBytes,
    });
    server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      // Its body would not be read.
      if (request.method !== 'GET') {
        socket.end(REFUSAL, () => socket.destroy());
        return;
      }
      this.#upgrades.set(request, { socket, head });
      const response = new ServerResponse(request);
      response.shouldKeepAlive = false;
      response.assignSocket(socket as never);
      response.once('finish', () => socket.end(() => socket.destroy()));
      server.routing(request, response);
    });
  }

  /** Throws a problem where the caller has not asked for a WebSocket. The reply is no longer Fastify's after that. */
  accept({ raw }: FastifyRequest, reply: FastifyReply, welcome: (socket: WebSocket) => void): void {
    const upgrade = this.#upgrades.get(raw);
    if (upgrade === undefined || !mayUpgrade(raw)) {
      const headers = { upgrade: 'websocket' };
      throw new BridgeProblem('upgrade-required', { detail: 'this is a WebSocket', headers });
    }
    this.#upgrades.delete(raw);
    reply.hijack();
    const { socket, head } = upgrade;
    reply.raw.removeAllListeners('finish');
    reply.raw.detachSocket(socket as never);
    this.#webSockets.handleUpgrade(raw, socket, head, welcome);
  }
}
