/** Opens a plain socket: TCP to the first address of a name that answers, or a unix socket. */
import { connect, isIP, type Socket } from 'node:net';
import type { DialPhase } from '@omqtt/contracts';
import { keepErrorsQuiet, waitFor } from './awaiting-socket.ts';
import { explainConnecting } from './dial-failures.ts';
import type { ResolvedSocketOptions } from './socket-options.ts';
import type { Place } from './socket-target.ts';

export interface SocketPlan {
  readonly place: Place;
  readonly options: ResolvedSocketOptions;
  /** The address of this machine to come from. */
  readonly localAddress: string | undefined;
}

/** Resolves with a connected socket that nobody reads yet. */
export async function openSocket(plan: SocketPlan, signal: AbortSignal): Promise<Socket> {
  const { place, localAddress } = plan;
  const socket = 'path' in place ? connect({ path: place.path }) : connectTcp(place, plan);
  keepErrorsQuiet(socket);
  let phase: DialPhase = 'host' in place && isIP(place.host) === 0 ? 'dns' : 'connect';
  const onLookup = (): void => {
    phase = 'connect';
  };
  socket.once('lookup', onLookup);
  await waitFor('connect', socket, {
    signal,
    get phase() {
      return phase;
    },
    explain: (error) => explainConnecting(place, error, localAddress),
  });
  // Of an address there was none.
  socket.off('lookup', onLookup);
  return socket;
}

function connectTcp({ host, port }: { host: string; port: number }, { options, localAddress }: SocketPlan): Socket {
  const { noDelay, keepAliveSeconds, attemptTimeoutMs, lookup } = options;
  return connect({
    host,
    port,
    noDelay,
    keepAlive: keepAliveSeconds > 0,
    keepAliveInitialDelay: keepAliveSeconds * 1000,
    // Addresses of both families in turn. Some distributions of Node turn it off, so it is said here.
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: attemptTimeoutMs,
    ...(lookup && { lookup }),
    // An address of the other family could not be reached from it.
    ...(localAddress !== undefined && { localAddress, family: isIP(localAddress) }),
  });
}
