/** Shows the inspector what a client of this process sends and receives, without a proxy: for the hook `onPacket`. */
import { encode, type Packet, type ProtocolVersion } from '@omqtt/codec';
import { nowMs } from './thread/clock.ts';
import type { Feed, FeedConnection } from './thread/feed.ts';

/** What the hook `onPacket` of a client gives. */
export interface TappedPacket {
  readonly direction: 'in' | 'out';
  readonly packet: Packet;
  /** Counts the network connections of the client. */
  readonly connection: number;
}

/** Makes a hook for one client; its name is shown. */
export type Tap = (name: string) => (event: TappedPacket) => void;

/** Connections of one client that may be open at once, as far as the hook tells. */
interface Tapped {
  readonly number: number;
  readonly feed: FeedConnection;
  version: ProtocolVersion;
}

export function createTap(feed: Feed): Tap {
  return (name) => {
    let current: Tapped | undefined;
    return ({ direction, packet, connection }) => {
      if (current?.number !== connection) {
        // A client has one connection after the other, and does not tell of the end.
        current?.feed.close(undefined);
        const opened = feed.open({ kind: 'tap', client: name, server: 'its server' });
        current = { number: connection, feed: opened, version: '5.0' };
      }
      if (packet.type === 'connect') current.version = packet.version;
      current.feed.bytes(direction === 'out' ? 'c2s' : 's2c', encode(packet, current.version), nowMs());
      if (packet.type === 'disconnect') {
        current.feed.close(direction === 'out' ? 'client' : 'server');
        current = undefined;
      }
    };
  };
}
