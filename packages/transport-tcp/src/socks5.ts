/** Asks a SOCKS5 proxy for a tunnel (RFC 1928, RFC 1929). The proxy resolves names. */
import { isIP, type Socket } from 'node:net';
import { addressBytes } from './address-bytes.ts';
import { proxyFailure, proxyStep } from './proxy-failures.ts';
import { ProxyReader } from './proxy-reader.ts';
import { proxyName, type Proxy, type ProxyCredentials } from './proxy-url.ts';
import type { SocketError } from './socket-error.ts';
import { placeName, withoutZone, type InternetPlace } from './socket-target.ts';
import type { TunnelRoute } from './tunnel-route.ts';

const version = 5;
const methods = { none: 0, password: 2 } as const;
const addressTypes = { ipv4: 1, name: 3, ipv6: 4 } as const;

/** Resolves when the socket leads to the target. What the target sent already is still to be read. */
export async function openSocksTunnel(socket: Socket, proxy: Proxy, { target, signal }: TunnelRoute): Promise<void> {
  const request = connectRequest(target);
  const reader = new ProxyReader(socket, proxyStep(proxy, signal));
  await authenticate(socket, reader, proxy);
  socket.write(request);
  await readReply(reader, proxy, target);
  reader.giveBack();
}

async function authenticate(socket: Socket, reader: ProxyReader, proxy: Proxy): Promise<void> {
  const offered = proxy.credentials ? [methods.none, methods.password] : [methods.none];
  socket.write(Uint8Array.of(version, offered.length, ...offered));
  const [answered, method] = await reader.take(2);
  if (answered !== version) throw notSocks(proxy);
  if (method === methods.none) return;
  if (method !== methods.password || !proxy.credentials) throw noMethod(proxy);

  socket.write(passwordRequest(proxy.credentials));
  const [, status] = await reader.take(2);
  if (status === 0) return;
  const message = `For ${proxyName(proxy)} user and password are wrong: check them in its URL.`;
  throw proxyFailure({ message, retryable: false });
}

// +---------+--------+------+--------+----------+
// |    1    | length | user | length | password |
// +---------+--------+------+--------+----------+
function passwordRequest({ user, password }: ProxyCredentials): Uint8Array {
  const [userBytes, passwordBytes] = [Buffer.from(user), Buffer.from(password)];
  return Uint8Array.of(1, userBytes.length, ...userBytes, passwordBytes.length, ...passwordBytes);
}

// +---------+---------+---+------+---------+---------------+
// | version | command | 0 | type | address | port, 2 bytes |
// +---------+---------+---+------+---------+---------------+
function connectRequest({ host, port }: InternetPlace): Uint8Array {
  const connect = 1;
  return Uint8Array.of(version, connect, 0, ...addressOf(host), port >> 8, port & 0xff);
}

function addressOf(host: string): readonly number[] {
  const family = isIP(host);
  if (family === 4) return [addressTypes.ipv4, ...addressBytes(host)];
  if (family === 6) return [addressTypes.ipv6, ...addressBytes(withoutZone(host))];
  // ASCII, and never longer than one byte can say.
  return [addressTypes.name, host.length, ...Buffer.from(host)];
}

async function readReply(reader: ProxyReader, proxy: Proxy, target: InternetPlace): Promise<void> {
  const [answered, reply = 0, , type] = await reader.take(4);
  if (answered !== version) throw notSocks(proxy);
  if (reply !== 0) throw refusal(proxy, target, reply);
  // The address from which the proxy connects, in one of three forms. Nobody needs it, but it has to be read.
  const portBytes = 2;
  if (type === addressTypes.ipv4) await reader.take(4 + portBytes);
  else if (type === addressTypes.ipv6) await reader.take(16 + portBytes);
  else if (type === addressTypes.name) await reader.take(((await reader.take(1))[0] ?? 0) + portBytes);
  else throw notSocks(proxy);
}

/** What may be different at the next attempt. */
const replies: Readonly<Record<number, { readonly what: string; readonly retryable: boolean }>> = {
  1: { what: 'had a failure', retryable: true },
  2: { what: 'does not allow it', retryable: false },
  3: { what: 'has no route to that network', retryable: true },
  4: { what: 'cannot reach that host', retryable: true },
  5: { what: 'was refused by that host', retryable: true },
  6: { what: 'got lost on the way to that host', retryable: true },
  7: { what: 'cannot open connections', retryable: false },
  8: { what: 'does not know this kind of address', retryable: false },
};

function refusal(proxy: Proxy, target: InternetPlace, reply: number): SocketError {
  const { what, retryable } = replies[reply] ?? { what: 'answered with an unknown reply', retryable: false };
  const message = `There is no tunnel to ${placeName(target)}: ${proxyName(proxy)} ${what} (reply ${reply}).`;
  return proxyFailure({ message, retryable });
}

function noMethod(proxy: Proxy): SocketError {
  const advice = proxy.credentials
    ? 'wants another authentication than user and password'
    : 'asks for authentication: put user and password into its URL, as in socks5://user:password@host:port';
  return proxyFailure({ message: `For a tunnel ${proxyName(proxy)} ${advice}.`, retryable: false });
}

function notSocks(proxy: Proxy): SocketError {
  const message = `What ${proxyName(proxy)} answered is not SOCKS5: check its kind and port.`;
  return proxyFailure({ message, retryable: false });
}
