/** Browsers and workers: WebSocket, and nothing else. */
import type { Dial } from '@omqtt/contracts';
import { webSocket } from '@omqtt/transport-ws';

/** The way to a broker on this runtime. It refuses every scheme but `ws` and `wss`. */
export const dial: Dial = webSocket();
export { watchPageNetwork as watchNetwork } from './page-network.ts';
export { observeClient } from './unobserved.ts';
