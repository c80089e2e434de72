/** Bun and Deno: the WebSocket that they have, and their sockets, which are those of Node. */
import type { Dial } from '@omqtt/contracts';
import { webSocket } from '@omqtt/transport-ws';
import { byScheme } from './by-scheme.ts';
import { loadedLater } from './loaded-later.ts';

/** The way to a broker on this runtime. */
export const dial: Dial = byScheme(
  webSocket(),
  loadedLater(async () => (await import('@omqtt/transport-tcp')).tcp()),
);

/** Nothing tells of it here: the keep-alive finds out. */
export const watchNetwork = undefined;
export { observeClient } from './unobserved.ts';
