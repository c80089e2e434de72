/**
 * Joins two legs: what comes out of one goes into the other, byte for byte, and only then to the observer. Back-pressure,
 * half-close and reset are passed on as they came.
 */
import type { Leg } from './leg.ts';

/** Called behind the forwarding, so that nothing it does can delay or change it. */
export interface RelayObserver {
  bytes(direction: 'c2s' | 's2c', chunk: Uint8Array): void;
  /** Once, when both legs are gone. `by`: whose end or reset came first. */
  closed(by: 'client' | 'server'): void;
}

/** After one leg is gone altogether, the other has so long to take what is on its way, and to end. */
const LINGER_MS = 5000;

export interface Relay {
  /** Ends both legs at once. */
  destroy(): void;
}

export function startRelay({ client, server }: { client: Leg; server: Leg }, observer: RelayObserver): Relay {
  let firstEnd: 'client' | 'server' | undefined;
  let open = 2;
  const timers = new Set<NodeJS.Timeout>();

  const join = (from: Leg, to: Leg, direction: 'c2s' | 's2c'): void => {
    const side = direction === 'c2s' ? 'client' : 'server';
    from.start({
      bytes: (chunk) => {
        if (!to.write(chunk)) from.pause();
        observer.bytes(direction, chunk);
        if (to.hasSentAll) from.free(chunk);
      },
      drained: () => to.resume(),
      ended: () => {
        firstEnd ??= side;
        to.end();
      },
      closed: (how) => {
        firstEnd ??= side;
        open -= 1;
        if (open === 0) {
          for (const timer of timers) clearTimeout(timer);
          observer.closed(firstEnd);
          return;
        }
        if (how === 'reset') {
          to.reset();
          return;
        }
        to.end();
        // What it still says has nowhere to go, but its end has to be seen.
        to.resume();
        timers.add(setTimeout(() => to.reset(), LINGER_MS).unref());
      },
    });
  };
  join(client, server, 'c2s');
  join(server, client, 's2c');
  return {
    destroy: () => {
      client.reset();
      server.reset();
    },
  };
}
