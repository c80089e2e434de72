/** Asks an HTTP proxy for a tunnel (RFC 9110 §9.3.6). */
import type { Socket } from 'node:net';
import { proxyFailure, proxyStep } from './proxy-failures.ts';
import { ProxyReader } from './proxy-reader.ts';
import { proxyName, type Proxy } from './proxy-url.ts';
import type { SocketError } from './socket-error.ts';
import { placeName, withoutZone, type InternetPlace } from './socket-target.ts';
import type { TunnelRoute } from './tunnel-route.ts';

/** An answer of more than this is not one. */
const maximumHeadBytes = 16_384;

/** Resolves when the socket leads to the target. What the target sent already is still to be read. */
export async function openHttpTunnel(socket: Socket, proxy: Proxy, route: TunnelRoute): Promise<void> {
  const step = proxyStep(proxy, route.signal);
  const reader = new ProxyReader(socket, step);
  socket.write(connectRequest(proxy, route.target));
  const head = await reader.takeThrough('\r\n\r\n', maximumHeadBytes);
  const [, status, reason = ''] = /^HTTP\/1\.[01] (\d{3})(?: (.*))?\r\n/.exec(head?.toString('latin1') ?? '') ?? [];
  if (status?.startsWith('2') !== true) throw refusal(proxy, status, reason);
  reader.giveBack();
}

function connectRequest({ credentials }: Proxy, { host, port }: InternetPlace): string {
  // A zone means something on this machine only.
  const authority = placeName({ host: withoutZone(host), port });
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  if (credentials) {
    const token = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64');
    lines.push(`Proxy-Authorization: Basic ${token}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function refusal(proxy: Proxy, status: string | undefined, reason: string): SocketError {
  const name = proxyName(proxy);
  if (status === undefined) {
    return proxyFailure({ message: `What ${name} answered is not HTTP: check its kind and port.`, retryable: false });
  }
  if (status === '407') {
    const advice = proxy.credentials
      ? 'does not accept the user and password of its URL: check them, and that it takes "Basic" authentication'
      : 'asks for a user and password: put them into its URL, as in http://user:password@host:port';
    return proxyFailure({ message: `${capital(name)} ${advice} (407).`, retryable: false });
  }
  // A gateway that could not reach the target may do so later; a refusal stays one.
  const said = reason === '' ? status : `${status} ${printable(reason)}`;
  return proxyFailure({
    message: `${capital(name)} did not open a tunnel: ${said}.`,
    retryable: status.startsWith('5'),
  });
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 100);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
