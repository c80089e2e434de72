/** Which way a packet goes: from the client to the server, or back. */
import type { Side } from '@omqtt/codec';

export type Direction = 'c2s' | 's2c';

/** Who sends in this direction. */
export function senderOf(direction: Direction): Side {
  return direction === 'c2s' ? 'client' : 'server';
}

/** Who receives in this direction. */
export function receiverOf(direction: Direction): Side {
  return direction === 'c2s' ? 'server' : 'client';
}

export function oppositeOf(direction: Direction): Direction {
  return direction === 'c2s' ? 's2c' : 'c2s';
}
