/** Keep Alive (§3.1.2.10). */
import type { ConnectionState } from './state.ts';

/** What the client asked for, or what the server made of it. */
export function keepAliveSecondsOf({ connect, connack }: ConnectionState): number {
  return connack?.properties?.serverKeepAliveSeconds ?? connect?.keepAliveSeconds ?? 0;
}
