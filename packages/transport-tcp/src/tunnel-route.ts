import type { InternetPlace } from './socket-target.ts';

/** What a proxy is asked for, and until when. */
export interface TunnelRoute {
  readonly target: InternetPlace;
  readonly signal: AbortSignal;
}
