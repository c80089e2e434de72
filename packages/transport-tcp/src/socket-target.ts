/** Where a socket leads to. */
import { isIP, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import type { TlsOptions } from '@omqtt/contracts';
import { invalidTarget } from './socket-error.ts';

export interface SocketTarget {
  /** A name or an address; IPv6 without brackets, with its zone where it needs one. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** A unix socket, or a named pipe of Windows, instead of host and port. */
  readonly path?: string;
  /** TLS from the first byte when it is there, if only as `{}`. */
  readonly tls?: TlsOptions;
  /** The proxy of this target, before the one of the options. */
  readonly proxy?: string;
  /** The address of this machine to come from. Default: the system chooses. */
  readonly localAddress?: string;
}

/** What was checked once: nothing behind it doubts it again. */
export type Place = InternetPlace | { readonly path: string };

export interface InternetPlace {
  readonly host: string;
  readonly port: number;
}

/** Refuses what no network could ever reach. */
export function checkPlace({ host, port, path }: SocketTarget): Place {
  if (path === undefined) return { host: checkHost(host), port: checkPort(port) };
  if (path === '') throw invalidTarget('The path of the unix socket is missing: name it, as in unix:/run/mqtt.sock.');
  if (path.includes('\0')) throw invalidTarget('The path of the unix socket has a null character in it.');
  return { path };
}

/** Refuses what is no address; undefined when the system chooses. */
export function checkLocalAddress({ localAddress, path }: SocketTarget): string | undefined {
  if (localAddress === undefined) return undefined;
  if (path !== undefined) throw invalidTarget('A unix socket has no local address: leave localAddress out.');
  if (isIP(localAddress) !== 0) return localAddress;
  throw invalidTarget(
    `localAddress is an address of this machine, such as 192.0.2.7, not ${JSON.stringify(localAddress)}.`,
  );
}

/** For people: `broker.example:1883`, `[::1]:1883`, `/run/mqtt.sock`. */
export function placeName(place: Place): string {
  if ('path' in place) return place.path;
  return isIPv6(place.host) ? `[${place.host}]:${place.port}` : `${place.host}:${place.port}`;
}

export function withoutZone(address: string): string {
  return address.replace(/%.*$/, '');
}

function checkHost(host: string): string {
  if (host === '') throw invalidTarget('The host is missing: name it, as in mqtt://broker.example.');
  if (isIP(host) !== 0) return host;
  // Names beyond ASCII are looked up, and checked against certificates, in their ASCII form.
  const name = /^[\x20-\x7e]*$/.test(host) ? host : domainToASCII(host);
  // Everything else could change the meaning of a line of HTTP, or of a message about it.
  if (!/^[\w.~-]+$/.test(name)) {
    throw invalidTarget(
      `${JSON.stringify(host)} is neither a host name nor an address. IPv6 is written without brackets.`,
    );
  }
  // RFC 1035, and the one byte that SOCKS5 has for it.
  if (name.length > 255) throw invalidTarget('The host is longer than 255 characters, which no name may be.');
  return name;
}

function checkPort(port: number): number {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw invalidTarget(`The port has to be a whole number from 1 to 65535, not ${port}.`);
}
