/** One listener with its upstream: each client that comes gets a connection of its own to the upstream. */
import type { Feed, FeedConnection } from '../thread/feed.ts';
import { dial, type UpstreamTls } from './dial.ts';
import type { Endpoint } from './endpoint.ts';
import type { Leg } from './leg.ts';
import { listen, type Arrival, type ListenerTls, type Listening } from './listen.ts';
import { startRelay, type Relay } from './relay.ts';

export interface ProxyOptions {
  readonly listen: Endpoint;
  readonly upstream: Endpoint;
  readonly listenerTls: ListenerTls | undefined;
  readonly upstreamTls: UpstreamTls;
  readonly feed: Feed;
  readonly report: (text: string) => void;
}

export interface Proxy {
  readonly url: string;
  close(): Promise<void>;
}

export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const relays = new Set<Relay>();
  const dials = new Set<AbortController>();
  const accept = async ({ leg, sni, protocols, headers }: Arrival): Promise<void> => {
    const abort = new AbortController();
    dials.add(abort);
    const origin = { listener: listening.url, sni };
    try {
      const server = await dial(options.upstream, {
        tls: options.upstreamTls,
        protocols: protocols.length > 0 ? protocols : ['mqtt'],
        headers,
        signal: abort.signal,
      });
      if (abort.signal.aborted) server.reset();
      relays.add(relayOf({ client: leg, server, origin }, options, (relay) => relays.delete(relay)));
    } catch (error) {
      refuse({ client: leg, origin }, options, error);
    } finally {
      dials.delete(abort);
    }
  };
  const listening: Listening = await listen({
    endpoint: options.listen,
    tls: options.listenerTls,
    accept: (arrival) => void accept(arrival),
  });
  return {
    url: listening.url,
    close: async () => {
      for (const abort of dials) abort.abort();
      for (const relay of relays) relay.destroy();
      await listening.close();
    },
  };
}

interface Caller {
  readonly client: Leg;
  readonly origin: { readonly listener: string; readonly sni: string | undefined };
}

function relayOf(
  legs: Caller & { readonly server: Leg },
  { feed, listen: { type } }: ProxyOptions,
  forget: (relay: Relay) => void,
): Relay {
  const observed: FeedConnection = feed.open({
    kind: kindOf(type),
    client: legs.client.peer,
    server: legs.server.peer,
    ...legs.origin,
  });
  const relay = startRelay(legs, {
    bytes: (direction, chunk) => observed.bytes(direction, chunk),
    closed: (by) => {
      observed.close(by);
      forget(relay);
    },
  });
  return relay;
}

/** Without its upstream a client is cut off, as it would be without the proxy. */
function refuse(
  { client, origin }: Caller,
  { feed, report, upstream, listen: { type } }: ProxyOptions,
  error: unknown,
): void {
  const problem = `${upstream.url} cannot be reached: ${error instanceof Error ? error.message : String(error)}`;
  report(problem);
  client.reset();
  const observed = feed.open({ kind: kindOf(type), client: client.peer, server: upstream.url, ...origin, problem });
  observed.close('server');
}

function kindOf(type: Endpoint['type']): string {
  return { tcp: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss', unix: 'unix' }[type];
}
