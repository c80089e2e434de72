/**
 * Signs in and connects while the rest of the page is still being loaded, which takes as long. What the server says in
 * the meantime waits here.
 */
import { apiRoutes } from '../../src/api/routes.ts';
import type { PageMessage } from '../../src/api/messages.ts';
import { reach } from '../milestones.ts';
import { signIn } from './sign-in.ts';

export interface Beginning {
  /** Why nothing comes, as a sentence. */
  readonly problem?: string;
  /** With the messages that came before somebody listened. */
  readonly connection?: { readonly socket: WebSocket; readonly waiting: MessageEvent[] };
}

/** More than any window shows: what is asked for again in a moment is here then. */
const FIRST_ROWS = 120;

export async function begin(): Promise<Beginning> {
  const problem = await signIn();
  reach('signed-in');
  return problem === undefined ? { connection: connect() } : { problem };
}

function connect(): NonNullable<Beginning['connection']> {
  const socket = new WebSocket(apiRoutes.socket);
  const waiting: MessageEvent[] = [];
  const first: PageMessage = { type: 'window', from: 0, count: FIRST_ROWS, follow: true };
  // A link to a packet or a filter asks for other rows, which the page knows how to.
  if (location.hash.length <= 1) socket.addEventListener('open', () => socket.send(JSON.stringify(first)));
  socket.addEventListener('message', (event) => waiting.push(event));
  return { socket, waiting };
}
