/** What clients do, on `node:diagnostics_channel`. Without a subscriber a client is made as if there were none of this. */
import { channel } from 'node:diagnostics_channel';
import type { Client, ClientOptions } from '@omqtt/core';

const packets = channel('omqtt:packet');
const statuses = channel('omqtt:status');

/** A client whose packets, without secrets, and statuses go to the channels that have subscribers now. */
export function observeClient(options: ClientOptions, make: (options: ClientOptions) => Client): Client {
  const onPacket: ClientOptions['onPacket'] = (event) => {
    packets.publish({ client, ...event });
    options.onPacket?.(event);
  };
  const client = make(packets.hasSubscribers ? { ...options, onPacket } : options);
  if (statuses.hasSubscribers) client.on('status', (status) => statuses.publish({ client, status }));
  return client;
}
