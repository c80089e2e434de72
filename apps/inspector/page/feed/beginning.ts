/**
 * Signs in and connects while the rest of the page is still being loaded, which takes as long. What the server says in
 * the meantime waits here.
 */
import { apiRoutes, socketProtocol, tokenProtocol } from '../../src/api/routes.ts';
import { reach } from '../milestones.ts';
import { takeToken, whyRefused } from './sign-in.ts';

export interface Beginning {
  readonly socket: WebSocket;
  /** The messages that came before somebody listened: who takes them listens from then on. */
  readonly takeWaiting: () => readonly MessageEvent[];
  /** When the first rows are there, so that they are drawn at once; or when waiting for them would be noticed. */
  readonly answered: Promise<void>;
  /** Asked when the socket is closed: why it never was open, as a sentence, when that is known. */
  readonly whyRefused: () => Promise<string | undefined>;
}

/** More than any window shows: what is asked for again in a moment is here then. */
const FIRST_ROWS = 120;
const PATIENCE_MS = 100;

export function begin(): Beginning {
  const token = takeToken();
  // A link to a packet or a filter asks for other rows, which the page knows how to.
  const query = location.hash.length <= 1 ? `?rows=${FIRST_ROWS}` : '';
  const protocols = token === undefined ? [] : [socketProtocol, `${tokenProtocol}${token}`];
  const socket = new WebSocket(`${apiRoutes.socket}${query}`, protocols);
  const waiting: MessageEvent[] = [];
  const wait = (event: MessageEvent): void => void waiting.push(event);
  let isOpened = false;
  socket.addEventListener('open', () => {
    isOpened = true;
    reach('open');
  });
  socket.addEventListener('message', wait);
  return {
    socket,
    answered: answer(socket),
    takeWaiting: () => {
      socket.removeEventListener('message', wait);
      return waiting.splice(0);
    },
    whyRefused: async () => (isOpened || token === undefined ? undefined : whyRefused(token)),
  };
}

async function answer(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    // The state is told behind the rows.
    const hear = ({ data }: MessageEvent): void => {
      if (String(data).startsWith('{"type":"state"')) resolve();
      else socket.addEventListener('message', hear, { once: true });
    };
    socket.addEventListener('message', hear, { once: true });
    socket.addEventListener('close', () => resolve());
    setTimeout(resolve, PATIENCE_MS);
  });
}
