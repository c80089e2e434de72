/** How the processes of the rig connect. */
import type { ClientOptions, SessionStore } from 'omqtt';

export function durableOptions(clientId: string, store?: SessionStore): ClientOptions & { readonly version: '5.0' } {
  return {
    version: '5.0',
    clientId,
    cleanStart: false,
    // A process that is killed in its first connection has a session at the broker, and no record of it.
    session: { expirySeconds: 3600, adopt: true, ...(store && { store }) },
    reconnect: { initialMs: 5, maxMs: 50, initial: true },
  };
}
