/** The transport: a URL that was taken apart, and a connection. */
import type { Dial, Target, TlsOptions } from '@omqtt/contracts';
import { describeSocket } from './connection-info.ts';
import { dialPeer } from './dial-socket.ts';
import { connectionOver } from './socket-connection.ts';
import { invalidTarget } from './socket-error.ts';
import { checkRange, resolveSocketOptions, type SocketOptions } from './socket-options.ts';
import type { SocketTarget } from './socket-target.ts';

export interface TcpOptions extends SocketOptions {
  /** What targets leave out. Counts for the schemes that are encrypted. */
  readonly tls?: TlsOptions;
  /** How long the peer may take to read the rest and to end, after this side did, before it is cut off. Default: 2000. */
  readonly closeTimeoutMs?: number;
}

/** Dials `mqtt`, `tcp`, `mqtts`, `tls`, `ssl` and `unix`. Throws a `SocketError` for options that cannot be. */
export function tcp(defaults: TcpOptions = {}): Dial {
  const { tls, closeTimeoutMs = 2000, ...rest } = defaults;
  checkRange('closeTimeoutMs', closeTimeoutMs, 0);
  const options = resolveSocketOptions(rest);
  return async (target, signal) => {
    const { socket, peer } = await dialPeer(socketTarget(target, tls), options, signal);
    return connectionOver(socket, { info: describeSocket(socket, peer), closeTimeoutMs });
  };
}

const schemes: Readonly<Record<string, 'plain' | 'secure' | 'unix'>> = {
  mqtt: 'plain',
  tcp: 'plain',
  mqtts: 'secure',
  tls: 'secure',
  ssl: 'secure',
  unix: 'unix',
};

function socketTarget(
  { scheme, host, port, path, tls, proxy, localAddress }: Target,
  defaults: TlsOptions | undefined,
): SocketTarget {
  const kind = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (kind === undefined) {
    const names = Object.keys(schemes).join(', ');
    throw invalidTarget(`TCP does not know the scheme ${JSON.stringify(scheme)}. It knows ${names}.`);
  }
  // Somebody who names a certificate does not expect to talk in the clear.
  if (kind === 'plain' && tls) {
    throw invalidTarget(
      `${scheme} is not encrypted, so its TLS options would do nothing: use mqtts, or leave them out.`,
    );
  }
  const isSecure = kind === 'secure' || tls !== undefined;
  return {
    host,
    port,
    ...(kind === 'unix' && { path }),
    ...(isSecure && { tls: { ...defaults, ...tls } }),
    ...(proxy !== undefined && { proxy }),
    ...(localAddress !== undefined && { localAddress }),
  };
}
