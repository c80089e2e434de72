/** A page with a WebSocket: it sends frames, and waits for others. */
import { onTestFinished } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';

type Frame = Readonly<Record<string, unknown>>;

export interface Page {
  readonly socket: WebSocket;
  send(frame: object): void;
  /** The next frame, whatever it is. */
  next(): Promise<Frame>;
  /** The next frame that is an answer to this one. */
  ask(frame: { readonly id: string | number } & Frame): Promise<Frame>;
  /** The code with which it was closed. */
  readonly closed: Promise<number>;
}

export async function openPage(url: string, options: ClientOptions = {}): Promise<Page> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), options);
  onTestFinished(() => socket.terminate());
  const frames: Frame[] = [];
  let wake = ignore;
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString()) as Frame);
    wake();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      resolve(code);
      wake();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  const next = async (): Promise<Frame> => {
    for (;;) {
      const frame = frames.shift();
      if (frame !== undefined) return frame;
      if (socket.readyState === WebSocket.CLOSED) throw new Error('the socket is closed');
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const send = (frame: object): void => socket.send(JSON.stringify(frame));
  const ask: Page['ask'] = async (frame) => {
    send(frame);
    for (;;) {
      const answer = await next();
      if (answer['id'] === frame.id) return answer;
    }
  };
  return { socket, send, next, ask, closed };
}

/** The status with which an upgrade was refused. */
export function refusedWith(url: string, options: ClientOptions = {}): Promise<{ status: number; body: Frame }> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), options);
  return new Promise((resolve, reject) => {
    socket.on('open', () => reject(new Error('it was not refused')));
    socket.on('error', ignore);
    socket.on('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Frame }));
    });
  });
}

function ignore(): void {
  // Said otherwise.
}
