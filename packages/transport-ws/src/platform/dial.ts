/** The transport for browsers, workers, Bun and Deno: it stands on the WebSocket that the platform has. */
import type { Dial, Target } from '@omqtt/contracts';
import { aborted, unsupported } from '../transport-error.ts';
import { resolveLimits, type WebSocketLimits } from '../web-socket-options.ts';
import { webSocketUrl } from '../web-socket-url.ts';
import { openPlatformSocket } from './platform-socket.ts';

/** Options of every connection that the transport makes. Node has more of them. */
export type WebSocketOptions = WebSocketLimits;

/** Makes the transport for `ws:` and `wss:`. */
export function webSocket(options: WebSocketOptions = {}): Dial {
  const limits = resolveLimits(options);
  return async (target, signal) => {
    if (signal.aborted) throw aborted(signal, 'options');
    refuseWhatOnlyNodeCan(target);
    return await openPlatformSocket({ target, url: webSocketUrl(target), signal, limits });
  };
}

// Left out in silence, a header that carries a token or a pinned certificate would be a hole.
function refuseWhatOnlyNodeCan({ tls, proxy, headers, localAddress }: Target): void {
  if (localAddress !== undefined) throw unsupported('This platform chooses the local address itself: leave it out.');
  if (proxy !== undefined) throw unsupported('This platform chooses the proxy itself: leave the option out.');
  if (hasMembers(headers)) {
    throw unsupported('The WebSocket of this platform cannot send headers: use the query, or the password of MQTT.');
  }
  if (hasMembers(tls)) {
    throw unsupported('The WebSocket of this platform has TLS settings of its own: leave the option tls out.');
  }
}

function hasMembers(options: object | undefined): boolean {
  return Object.values(options ?? {}).some((value) => value !== undefined);
}
