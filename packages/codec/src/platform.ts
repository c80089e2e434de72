/** What the codec takes from its runtime: the small form, for browsers. `platform.node.ts` is the fast one. */
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import type { PublishProperties } from './properties.ts';
import type { ReadText, WriteText } from './text.ts';

declare class TextDecoder {
  constructor(label: undefined, options: { readonly fatal: boolean; readonly ignoreBOM: boolean });
  decode(bytes: Uint8Array): string;
}

declare class TextEncoder {
  encodeInto(text: string, bytes: Uint8Array): { readonly written: number };
}

// Without `fatal` ill-formed bytes turn into U+FFFD, and without `ignoreBOM` a leading U+FEFF is lost [MQTT-1.5.4-3].
const decoder = new TextDecoder(undefined, { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Throws a TypeError when the bytes are not well-formed UTF-8, surrogates and overlong forms included. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** Returns how many bytes were written. A lone surrogate turns into U+FFFD, so look for it before. */
export function encodeUtf8(text: string, bytes: Uint8Array): number {
  return encoder.encodeInto(text, bytes).written;
}

/** Without a cache: a browser reads too few packets to pay for one with the bytes that it loads. */
export const cached: (read: ReadText, slotBits: number) => ReadText = (read) => read;
export const remembered: (write: WriteText) => WriteText = (write) => write;

/** By the table alone, for the same reason. */
export const readMessageProperties: (reader: PacketReader) => PublishProperties | undefined = () => undefined;
export const writeMessageProperties: (writer: PacketWriter, properties: PublishProperties) => boolean = () => false;
