/** What a binary format writes before, or instead of, the bytes of a value. */
import type { ByteWriter } from './byte-writer.ts';

export interface Heads {
  readonly nothing: number;
  readonly no: number;
  readonly yes: number;
  /** Before the eight bytes of a number with a fraction. */
  readonly double: number;
  readonly integer: (writer: ByteWriter, value: number) => void;
  /** By length in bytes, items or pairs. */
  readonly text: (writer: ByteWriter, length: number) => void;
  readonly list: (writer: ByteWriter, length: number) => void;
  readonly map: (writer: ByteWriter, length: number) => void;
}
