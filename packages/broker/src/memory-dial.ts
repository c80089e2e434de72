/** The transport for clients in the process of the broker. */
import type { Connection, Dial, TransportError, TransportErrorCode } from '@omqtt/contracts';
import { memoryPair } from './memory-pair.ts';

export function memoryDial(accept: (server: Connection) => void, isRefusing: () => boolean): Dial {
  let dialled = 0;
  return async (target, signal) => {
    // A network would take its time, too, and so may an abort on the way.
    if (!signal.aborted) await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw dialFailure('aborted', 'The dial was given up');
    if (isRefusing()) throw dialFailure('connection-refused', 'The broker is closed, or has gone away');
    dialled += 1;
    const { client, server } = memoryPair(
      { peer: `memory:${target.host}:${target.port}`, isSecure: false },
      { peer: `memory:${dialled}`, isSecure: false },
    );
    accept(server);
    return client;
  };
}

function dialFailure(code: TransportErrorCode, message: string): TransportError {
  return Object.assign(new Error(message), { code, phase: 'connect', retryable: code !== 'aborted' } as const);
}
