/** The whole way to a socket: proxy, TCP or unix, TLS. */
import type { Socket } from 'node:net';
import { environmentProxy } from './environment-proxy.ts';
import { openHttpTunnel } from './http-connect.ts';
import { openSocket } from './open-socket.ts';
import { asProxyFailure } from './proxy-failures.ts';
import { parseProxy, proxyName, type Proxy } from './proxy-url.ts';
import { secureSocket } from './secure-socket.ts';
import { aborted, invalidTarget } from './socket-error.ts';
import { resolveSocketOptions, type ResolvedSocketOptions, type SocketOptions } from './socket-options.ts';
import {
  checkLocalAddress,
  checkPlace,
  placeName,
  type InternetPlace,
  type Place,
  type SocketTarget,
} from './socket-target.ts';
import { openSocksTunnel } from './socks5.ts';
import { resolveTls, type TlsSettings } from './tls-settings.ts';
import type { TunnelRoute } from './tunnel-route.ts';

/**
 * Resolves with a socket that leads to the target, a `TLSSocket` when TLS was asked for, and that nobody reads yet: bytes
 * wait in it. Rejects with a `SocketError`, at once when `signal` is aborted; then nothing stays open.
 */
export async function dialSocket(target: SocketTarget, options: SocketOptions, signal: AbortSignal): Promise<Socket> {
  return (await dialPeer(target, options, signal)).socket;
}

/** The same, with a name for the peer. The address of the socket would be that of the proxy, if there is one. */
export async function dialPeer(
  target: SocketTarget,
  options: SocketOptions,
  signal: AbortSignal,
): Promise<{ readonly socket: Socket; readonly peer: string }> {
  const route = planRoute(target, resolveSocketOptions(options));
  if (signal.aborted) throw aborted('options', signal);
  const open = await openRoute(route, signal);
  const peer = route.proxy
    ? `${placeName(route.place)} through ${proxyName(route.proxy.proxy)}`
    : addressOf(open, route.place);
  const socket = route.tls ? await secureSocket(open, route.tls, { peer: peerOf(route.place), signal }) : open;
  return { socket, peer };
}

function addressOf({ remoteAddress: host, remotePort: port }: Socket, place: Place): string {
  return placeName(host === undefined || port === undefined ? place : { host, port });
}

/** Everything that is known before the first packet. */
interface Route {
  readonly place: Place;
  readonly tls?: TlsSettings;
  readonly proxy?: { readonly proxy: Proxy; readonly target: InternetPlace; readonly tls?: TlsSettings };
  readonly options: ResolvedSocketOptions;
  readonly localAddress: string | undefined;
}

function planRoute(target: SocketTarget, options: ResolvedSocketOptions): Route {
  const place = checkPlace(target);
  const proxy = chooseProxy(target, place, options);
  return {
    place,
    options,
    localAddress: checkLocalAddress(target),
    ...(target.tls && { tls: resolveTls(target.tls) }),
    ...(proxy && { proxy }),
  };
}

function chooseProxy(target: SocketTarget, place: Place, options: ResolvedSocketOptions): Route['proxy'] {
  const named = target.proxy ?? options.proxy;
  if ('path' in place) {
    if (named === undefined) return undefined;
    throw invalidTarget('No proxy leads to a unix socket: leave out one of them.');
  }
  const fromEnvironment = (): Proxy | undefined => (options.proxyFromEnvironment ? environmentProxy(place) : undefined);
  const proxy = named === undefined ? fromEnvironment() : parseProxy(named);
  if (!proxy) return undefined;
  return { proxy, target: place, ...(proxy.kind === 'https' && { tls: resolveTls(options.proxyTls ?? {}) }) };
}

async function openRoute({ place, proxy: way, options, localAddress }: Route, signal: AbortSignal): Promise<Socket> {
  if (!way) return openSocket({ place, options, localAddress }, signal);
  const { proxy, target, tls } = way;
  try {
    const plain = await openSocket({ place: proxy.place, options, localAddress }, signal);
    const socket = tls ? await secureSocket(plain, tls, { peer: peerOf(proxy.place), signal }) : plain;
    await openTunnel(socket, proxy, { target, signal });
    return socket;
  } catch (error) {
    throw asProxyFailure(error, proxy);
  }
}

/** A refused tunnel is a connection that nobody needs. */
async function openTunnel(socket: Socket, proxy: Proxy, route: TunnelRoute): Promise<void> {
  try {
    await (proxy.kind === 'socks5' ? openSocksTunnel : openHttpTunnel)(socket, proxy, route);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function peerOf(place: Place): { name: string; host: string } {
  // A certificate has no name for a file.
  return { name: placeName(place), host: 'path' in place ? 'localhost' : place.host };
}
