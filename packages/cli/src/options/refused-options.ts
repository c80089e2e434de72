/** Options of mosquitto's clients that cannot be had here, with the way to the same end. */
import { type AnyOption, refused } from './option.ts';

export const refusedOptions: readonly AnyOption[] = [
  refused('bind-address', {
    letter: 'A',
    group: 'connection',
    valueName: 'ADDRESS',
    instead: 'the system chooses the local address; set a route for the broker',
  }),
  refused('srv', {
    letter: 'S',
    group: 'connection',
    valueName: 'DOMAIN',
    instead: 'look the name up first, as with `dig +short SRV _mqtt._tcp.DOMAIN`, and give it with -h and -p',
  }),
  refused('unsubscribe', {
    letter: 'U',
    group: 'session',
    valueName: 'FILTER',
    instead: 'write omqtt session unsub -i ID FILTER',
  }),
  refused('psk', {
    group: 'security',
    valueName: 'HEX',
    instead: 'TLS is with certificates; pin one with --ca-pin when there is no authority',
  }),
  refused('psk-identity', {
    group: 'security',
    valueName: 'NAME',
    instead: 'TLS is with certificates; pin one with --ca-pin when there is no authority',
  }),
  refused('ciphers', {
    group: 'security',
    valueName: 'LIST',
    instead: 'write NODE_OPTIONS=--tls-cipher-list=LIST omqtt …',
  }),
];
