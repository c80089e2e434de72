/** MessagePack: one value that takes all of the bytes. */
import { ByteReader } from './byte-reader.ts';
import { NotThisFormat, type DecodedValue } from './decoded-value.ts';

/** `undefined` when it is no MessagePack. */
export function readMessagePack(bytes: Uint8Array): { readonly value: DecodedValue } | undefined {
  try {
    const reader = new ByteReader(bytes);
    const value = readValue(reader);
    return reader.isAtEnd ? { value } : undefined;
  } catch (error) {
    if (error instanceof NotThisFormat) return undefined;
    throw error;
  }
}

function readValue(reader: ByteReader): DecodedValue {
  reader.countPart();
  const head = reader.u8();
  if (head < 0x80) return head;
  if (head < 0x90) return readMap(reader, head & 15);
  if (head < 0xa0) return reader.list(head & 15, () => readValue(reader));
  if (head < 0xc0) return reader.text(head & 31);
  if (head >= 0xe0) return head - 256;
  const read = byHead[head];
  if (!read) throw new NotThisFormat();
  return read(reader);
}

function readMap(reader: ByteReader, count: number): DecodedValue {
  return { pairs: reader.list(count, () => [readValue(reader), readValue(reader)] as const) };
}

/** A type of the application, shown by its number. */
function readExtension(reader: ByteReader, length: number): DecodedValue {
  const tag = reader.signed(1);
  return { tag, value: reader.bytes(length) };
}

const byHead: Readonly<Record<number, (reader: ByteReader) => DecodedValue>> = {
  0xc0: () => null,
  0xc2: () => false,
  0xc3: () => true,
  0xc4: (reader) => reader.bytes(reader.u8()),
  0xc5: (reader) => reader.bytes(reader.u16()),
  0xc6: (reader) => reader.bytes(reader.u32()),
  0xc7: (reader) => readExtension(reader, reader.u8()),
  0xc8: (reader) => readExtension(reader, reader.u16()),
  0xc9: (reader) => readExtension(reader, reader.u32()),
  0xca: (reader) => reader.f32(),
  0xcb: (reader) => reader.f64(),
  0xcc: (reader) => reader.u8(),
  0xcd: (reader) => reader.u16(),
  0xce: (reader) => reader.u32(),
  0xcf: (reader) => reader.u64(),
  0xd0: (reader) => reader.signed(1),
  0xd1: (reader) => reader.signed(2),
  0xd2: (reader) => reader.signed(4),
  0xd3: (reader) => reader.signed(8),
  0xd4: (reader) => readExtension(reader, 1),
  0xd5: (reader) => readExtension(reader, 2),
  0xd6: (reader) => readExtension(reader, 4),
  0xd7: (reader) => readExtension(reader, 8),
  0xd8: (reader) => readExtension(reader, 16),
  0xd9: (reader) => reader.text(reader.u8()),
  0xda: (reader) => reader.text(reader.u16()),
  0xdb: (reader) => reader.text(reader.u32()),
  0xdc: (reader) => reader.list(reader.u16(), () => readValue(reader)),
  0xdd: (reader) => reader.list(reader.u32(), () => readValue(reader)),
  0xde: (reader) => readMap(reader, reader.u16()),
  0xdf: (reader) => readMap(reader, reader.u32()),
};
