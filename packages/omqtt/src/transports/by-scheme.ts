import type { Dial } from '@omqtt/contracts';

/** `ws` and `wss` one way, all others the other way. */
export function byScheme(overWebSocket: Dial, overSocket: Dial): Dial {
  return (target, signal) => (/^wss?$/.test(target.scheme) ? overWebSocket : overSocket)(target, signal);
}
