import type { Target } from '@omqtt/contracts';
import { invalidTarget } from './transport-error.ts';

/**
 * The sub-protocol of MQTT over WebSocket. [5.0 MQTT-6.0.0-3] It is the same for both versions.
 */
export const SUB_PROTOCOL = 'mqtt';

/** The URL of a target, checked. The path `/` stands in for an empty one; many brokers listen at `/mqtt`. */
export function webSocketUrl({ scheme, host, port, path }: Target): URL {
  if (scheme !== 'ws' && scheme !== 'wss') throw invalidTarget(`A WebSocket has the scheme ws or wss, not ${scheme}.`);
  // Anything that ends a host in a URL would move the rest of it into the path, or the credentials.
  if (host === '' || /[\s/\\?#@[\]]/.test(host)) throw invalidTarget('The host is neither a name nor an address.');
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalidTarget(`There is no port ${port}.`);
  if (path.includes('#')) throw invalidTarget('The path has a fragment (#…), which a WebSocket cannot send.');
  try {
    return new URL(`${scheme}://${hostOfUrl(host)}:${port}${path.startsWith('/') ? '' : '/'}${path}`);
  } catch (cause) {
    throw invalidTarget('Host, port and path do not make a URL.', cause);
  }
}

/** Where a server listens. */
export type Address = Pick<Target, 'host' | 'port'>;

/** For people and error messages: without the path, because a query may carry a token. */
export function hostAndPort({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

// A zone (`fe80::1%eth0`) says which interface to use; it is for the socket, and no URL has a place for it.
function hostOfUrl(host: string): string {
  return host.includes(':') ? `[${host.replace(/%.*$/, '')}]` : host;
}
