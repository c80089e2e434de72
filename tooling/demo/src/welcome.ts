/** What `npm start` says once all is up: where everything is, and what to try. */
import type { Addresses } from './house.ts';
import { topics } from './thermometer.ts';

export function welcome({ mqtt, websocket }: Addresses): string {
  return `ΩQTT runs on this machine, and for it only. Ctrl-C ends it.

  broker       ${mqtt}   ${websocket}
  thermometer  publishes ${topics.temperature} every second

Try in another terminal:

  mosquitto_sub -L ${mqtt}/home/# -v
`;
}
