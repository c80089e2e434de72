/** How the processes of the rig connect. */
import type { ClientOptions, SessionStore } from 'omqtt';

export function durableOptions(clientId: string, store?: SessionStore): ClientOptions & { readonly version: '5.0' } {
  return {
    version: '5.0',
    clientId,
    cleanStart: false,
    session: { expirySeconds: 3600, ...(store && { store }) },
    reconnect: { initialMs: 5, maxMs: 50, initial: true },
  };
}
