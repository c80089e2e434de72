/** Bun and Deno: the WebSocket that they have, and their sockets, which are those of Node. */
import type { Dial } from '@omqtt/contracts';
import { tcp } from '@omqtt/transport-tcp';
import { webSocket } from '@omqtt/transport-ws';
import { byScheme } from './by-scheme.ts';

/** The way to a broker on this runtime. */
export const dial: Dial = byScheme(webSocket(), tcp());
