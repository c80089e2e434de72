/** Proxies of a few lines: enough of each protocol to be refused, or led through. */
import { connect, type Socket } from 'node:net';
import { ignore, serve, serveTls, type LocalServer } from './local-server.ts';

export interface TinyProxy extends LocalServer {
  /** What it was asked, as text or as bytes. */
  readonly requests: string[];
}

/** Answers the head of each request. The answer goes out before the way to the target is open, if it leads there. */
export function serveHttpProxy(answer: (head: string, socket: Socket) => void, isSecure = false): Promise<TinyProxy> {
  const requests: string[] = [];
  const onSocket = (socket: Socket): void => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (!text.endsWith('\r\n\r\n')) return;
      socket.off('data', onData).pause();
      requests.push(text);
      answer(text, socket);
    };
    socket.on('data', onData);
  };
  return withRequests(isSecure ? serveTls(onSocket) : serve(onSocket), requests);
}

export interface SocksBehaviour {
  /** The method that it chooses: 0 none, 2 user and password, 255 none of those. */
  readonly method?: number;
  /** The reply to user and password. */
  readonly status?: number;
  /** The whole reply to the request. */
  readonly reply?: readonly number[];
  /** Where the tunnel leads, when the reply says that there is one. */
  readonly leadsTo?: number;
}

export const accepted: readonly number[] = [5, 0, 0, 1, 127, 0, 0, 1, 0x1f, 0x90];

/** Each message comes in one piece from the client under test, so that it can be told by its first byte and its turn. */
export function serveSocks({ method = 0, status = 0, reply = accepted, leadsTo }: SocksBehaviour): Promise<TinyProxy> {
  const requests: string[] = [];
  const onSocket = (socket: Socket): void => {
    const answers = [[5, method], ...(method === 2 ? [[1, status]] : []), reply];
    const onData = (chunk: Buffer): void => {
      requests.push(chunk.toString('hex'));
      const answer = answers.shift() ?? [];
      const isLast = answers.length === 0;
      if (isLast) socket.off('data', onData).pause();
      if (isLast && leadsTo !== undefined) lead(socket, leadsTo);
      // Byte by byte: a reply need not come in one piece.
      for (const byte of answer) socket.write(Uint8Array.of(byte));
    };
    socket.on('data', onData);
  };
  return withRequests(serve(onSocket), requests);
}

/** Makes a tunnel of the socket. */
export function lead(socket: Socket, port: number): void {
  const onward = connect(port, '127.0.0.1');
  onward.on('error', ignore).on('close', () => socket.destroy());
  socket.on('close', () => onward.destroy());
  socket.pipe(onward).pipe(socket);
}

async function withRequests(server: Promise<LocalServer>, requests: string[]): Promise<TinyProxy> {
  const { port, accepted: next } = await server;
  return { port, accepted: next, requests };
}
