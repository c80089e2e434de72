/** A server that answers with bytes written by hand, because a well-behaved one cannot show misbehaviour. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Target } from '@omqtt/contracts';
import { onTestFinished } from 'vitest';

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/**
 * A frame as servers send it, without a mask.
 *
 *     1 byte   FIN and opcode (0: the message goes on)
 *     1 byte   length up to 125, or 126 and two bytes of length
 */
export function frame(opcode: number, payload: Uint8Array | string, isLast = true): Buffer {
  const body = Buffer.from(payload);
  const first = (isLast ? 0x80 : 0) | opcode;
  const length = body.length < 126 ? [body.length] : [126, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

export interface ClientFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** What is at the other end of one connection. */
export class ScriptedPeer {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  #unread: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
    this.closed = once(socket, 'close');
  }

  /** The request of the handshake, in whole. */
  async request(): Promise<string> {
    for (;;) {
      const end = this.#unread.indexOf('\r\n\r\n');
      if (end !== -1) return this.#take(end + 4).toString('latin1');
      await this.#readMore();
    }
  }

  /** Takes part in the handshake, and returns its request; what is glued leaves in the same write as the answer. */
  async accept({
    glued = Buffer.alloc(0),
    headers = ['Sec-WebSocket-Protocol: mqtt'],
    key,
  }: Acceptance = {}): Promise<string> {
    const request = await this.request();
    const asked = /^sec-websocket-key: (.*)$/im.exec(request)?.[1]?.trim() ?? '';
    const answer = key ?? createHash('sha1').update(`${asked}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    this.answer(['HTTP/1.1 101 Switching Protocols', `Sec-WebSocket-Accept: ${answer}`, ...upgrade, ...headers], glued);
    return request;
  }

  answer(lines: readonly string[], body: Uint8Array | string = ''): void {
    this.socket.write(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]));
  }

  /** The next frame of the client, unmasked. */
  async frame(): Promise<ClientFrame> {
    while (this.#unread.length < 2) await this.#readMore();
    const short = (this.#unread[1] ?? 0) & 0x7f;
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
    while (this.#unread.length < 2 + extended) await this.#readMore();
    const length = extended === 0 ? short : this.#unread.readUIntBE(extended === 8 ? 4 : 2, extended === 8 ? 6 : 2);
    while (this.#unread.length < 6 + extended + length) await this.#readMore();
    const bytes = this.#take(6 + extended + length);
    const mask = bytes.subarray(2 + extended, 6 + extended);
    const payload = bytes.subarray(6 + extended).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
    return { opcode: (bytes[0] ?? 0) & 0x0f, payload: Buffer.from(payload) };
  }

  #take(count: number): Buffer {
    const taken = this.#unread.subarray(0, count);
    this.#unread = this.#unread.subarray(count);
    return taken;
  }

  async #readMore(): Promise<void> {
    const chunk = this.socket.read() as Buffer | null;
    if (chunk) this.#unread = Buffer.concat([this.#unread, chunk]);
    else if (this.socket.destroyed || this.socket.readableEnded) throw new Error('The client has gone.');
    else await Promise.race([once(this.socket, 'readable'), this.closed]);
  }
}

interface Acceptance {
  readonly glued?: Uint8Array;
  readonly headers?: readonly string[];
  readonly key?: string;
}

const upgrade = ['Upgrade: websocket', 'Connection: Upgrade'];

export interface ScriptedServer {
  readonly target: Target;
  /** The next connection. */
  peer(): Promise<ScriptedPeer>;
}

/** Listens until the test has finished. */
export async function scriptedServer(): Promise<ScriptedServer> {
  const waiting: ScriptedPeer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    waiting.push(new ScriptedPeer(socket));
    server.emit('peer');
  });
  const port = await listen(server);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    if (server.listening) await once(server, 'close');
  });
  return {
    target: { scheme: 'ws', host: '127.0.0.1', port, path: '/mqtt' },
    async peer() {
      if (waiting.length === 0) await once(server, 'peer');
      const peer = waiting.shift();
      if (!peer) throw new Error('Two wait for the same connection.');
      return peer;
    },
  };
}

/** The port that the server got. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
