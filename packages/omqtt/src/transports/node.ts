/** Node: TCP, TLS, unix sockets and WebSocket, all of them through proxies too. */
import type { Dial } from '@omqtt/contracts';
import { tcp } from '@omqtt/transport-tcp';
import { dialSocket } from '@omqtt/transport-tcp/socket';
import { webSocket } from '@omqtt/transport-ws';
import { byScheme } from './by-scheme.ts';

const overWebSocket = webSocket({
  // TLS for wss is added on top of it.
  dialSocket: ({ host, port, proxy }, signal) =>
    dialSocket({ host, port, ...(proxy !== undefined && { proxy }) }, {}, signal),
});

/** The way to a broker on this runtime. */
export const dial: Dial = byScheme(overWebSocket, tcp());
