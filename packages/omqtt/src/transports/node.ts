/** Node: TCP, TLS, unix sockets and WebSocket, all of them through proxies too. Each is loaded when it is first needed. */
import type { Dial } from '@omqtt/contracts';
import { byScheme } from './by-scheme.ts';
import { loadedLater } from './loaded-later.ts';

/** The way to a broker on this runtime. */
export const dial: Dial = byScheme(
  loadedLater(async () => (await import('./node-web-socket.ts')).dialWebSocket),
  loadedLater(async () => (await import('@omqtt/transport-tcp')).tcp()),
);

/** Nothing tells of it here: the keep-alive finds out. */
export const watchNetwork = undefined;
export { observeClient } from './node-diagnostics.ts';
