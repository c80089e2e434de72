/** The transport for Node: on `ws`, over a socket of its own making, so that headers, TLS options and proxies work. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Dial } from '@omqtt/contracts';
import { aborted, invalidTarget, unsupported } from '../transport-error.ts';
import { resolveLimits, type WebSocketLimits } from '../web-socket-options.ts';
import { webSocketUrl } from '../web-socket-url.ts';
import { openStream, type DialSocket } from './open-stream.ts';
import { tlsSettings } from './tls-settings.ts';
import { openWsSocket } from './ws-socket.ts';

/** Options of every connection that the transport makes. */
export interface WebSocketOptions extends WebSocketLimits {
  /**
   * Opens the byte stream to `target.host` and `target.port`, for example through `target.proxy`; without it there are
   * only direct connections. TLS to the target is added afterwards, so what it returns is plain also for `wss`.
   */
  readonly dialSocket?: DialSocket;
}

/** Makes the transport for `ws:` and `wss:`. */
export function webSocket(options: WebSocketOptions = {}): Dial {
  const { dialSocket, ...rest } = options;
  const limits = resolveLimits(rest);
  return async (target, signal) => {
    if (signal.aborted) throw aborted(signal, 'options');
    const url = webSocketUrl(target);
    checkHeaders(target.headers ?? {});
    if (target.proxy !== undefined && !dialSocket) {
      throw unsupported(
        'A proxy needs webSocket({ dialSocket }), for example with the proxies of @omqtt/transport-tcp.',
      );
    }
    const tls = target.scheme === 'wss' ? tlsSettings(target) : undefined;
    const opened = await openStream({ target, signal, dialSocket, tls });
    return await openWsSocket({ ...opened, target, url, signal, limits });
  };
}

/** Before anything is opened; the values may be secrets, so no message has them. */
function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (/^(?:sec-websocket-.*|connection|upgrade)$/i.test(name)) {
      throw invalidTarget(`The header ${name} is part of the WebSocket handshake itself.`);
    }
    if (!isValidHeader(name, value)) throw invalidTarget(`The header ${JSON.stringify(name)} is not valid.`);
  }
}

function isValidHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
