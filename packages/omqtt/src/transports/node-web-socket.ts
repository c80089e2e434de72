/** WebSocket on Node, over the sockets of the TCP transport, which know proxies. */
import type { Dial } from '@omqtt/contracts';
import { dialSocket } from '@omqtt/transport-tcp/socket';
import { webSocket } from '@omqtt/transport-ws';

export const dialWebSocket: Dial = webSocket({
  // TLS for wss is added on top of it.
  dialSocket: ({ host, port, proxy, localAddress }, signal) => {
    const way = { ...(proxy !== undefined && { proxy }), ...(localAddress !== undefined && { localAddress }) };
    return dialSocket({ host, port, ...way }, {}, signal);
  },
});
