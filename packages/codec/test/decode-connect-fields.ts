/** CONNECT packets field by field, for tests that want one of the fields wrong. */
import { octets, type Field } from './vectors/vector.ts';

export const NAME: Field = [0x00, 0x04, 'MQTT'];
export const KEEP_ALIVE: Field = [0x00, 0x00];
export const NO_PROPERTIES: Field = [0x00];
export const CLIENT_ID: Field = [0x00, 0x01, 'c'];

/** CONNECT of 5.0 up to the client id, with these flags: the field that is counted as 3. */
export function connect5(flags: number, ...rest: readonly Field[]): readonly Field[] {
  return [[0x10, 0x0e + octets(rest).length], NAME, [0x05], [flags], KEEP_ALIVE, NO_PROPERTIES, CLIENT_ID, ...rest];
}

export function connect311(flags: number, ...rest: readonly Field[]): readonly Field[] {
  return [[0x10, 0x0d + octets(rest).length], NAME, [0x04], [flags], KEEP_ALIVE, CLIENT_ID, ...rest];
}

export const WILL5: readonly Field[] = [[0x00], [0x00, 0x01, 'w'], [0x00, 0x00]]; // no properties, topic, empty payload
export const WILL311: readonly Field[] = [
  [0x00, 0x01, 'w'],
  [0x00, 0x00],
];
