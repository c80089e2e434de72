/** What only 5.0 has, and what a client that speaks 3.1.1 must not leave out in silence: least of all a proof of identity. */
import type { ProtocolVersion } from '@omqtt/codec';
import { OnlyInV5Error } from '../session/index.ts';
import type { ClientOptions } from './options.ts';

export function needV5(version: ProtocolVersion, what: string): void {
  if (version === '3.1.1') throw new OnlyInV5Error(what);
}

/** With `auto` the options of 5.0 are for the case that it is spoken. */
export function refuseOptionsOfV5({ version, auth, properties, will, ...options }: ClientOptions): void {
  if (version !== '3.1.1') return;
  const { receiveMaximum, topicAliasMaximum = 0, publish } = options;
  if (auth !== undefined) needV5(version, 'enhanced authentication (`auth`)');
  if (properties !== undefined || publish?.properties !== undefined) needV5(version, 'a property');
  const { delaySeconds, properties: ofWill } = will ?? {};
  if (delaySeconds !== undefined || ofWill !== undefined) needV5(version, 'a delay or property of the will');
  if (receiveMaximum !== undefined || topicAliasMaximum > 0) needV5(version, 'a limit for the server');
}
