/** What `npm start` says once all is up: where everything is, and what to try. */
import type { Addresses } from './house.ts';
import { topics } from './thermometer.ts';

export function welcome({ mqtt, websocket, http, health, page, watched }: Addresses): string {
  return `ΩQTT runs on this machine, and for it only. Ctrl-C ends it.

  broker       ${mqtt}   ${websocket}
  bridge       ${http}   health: ${health}
  inspector    ${page}
               shows what passes through ${watched}, such as all of bridge and thermometer
  thermometer  publishes ${topics.temperature} every second

Try in another terminal:

  curl ${http}/v1/topics/${topics.temperature}
  curl -N '${http}/v1/events?filter=home/%23'
  curl -X POST ${http}/v1/topics/home/hall/light -d on
`;
}
