/** Where there are no diagnostics channels. */
import type { Client, ClientOptions } from '@omqtt/core';

export function observeClient(options: ClientOptions, make: (options: ClientOptions) => Client): Client {
  return make(options);
}
