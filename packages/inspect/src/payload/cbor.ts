/** CBOR (RFC 8949): one value that takes all of the bytes. */
import { ByteReader } from './byte-reader.ts';
import { NotThisFormat, type DecodedValue } from './decoded-value.ts';

/** `undefined` when it is no CBOR. */
export function readCbor(bytes: Uint8Array): { readonly value: DecodedValue } | undefined {
  try {
    const reader = new ByteReader(bytes);
    const value = readItem(reader);
    return reader.isAtEnd && value !== BREAK ? { value } : undefined;
  } catch (error) {
    if (error instanceof NotThisFormat) return undefined;
    throw error;
  }
}

/** Ends what has no length. */
const BREAK = Symbol('break');
const INDEFINITE = 31;

function readItem(reader: ByteReader): DecodedValue | typeof BREAK {
  reader.countPart();
  const head = reader.u8();
  const [major, info] = [head >> 5, head & 31];
  if (major === 7) return readSimple(reader, info);
  if (info === INDEFINITE) return readIndefinite(reader, major);
  const argument = readArgument(reader, info);
  switch (major) {
    case 0:
      return argument;
    case 1:
      return typeof argument === 'bigint' ? -1n - argument : -1 - argument;
    case 2:
      return reader.bytes(argument);
    case 3:
      return reader.text(argument);
    case 4:
      return reader.list(argument, () => readValue(reader));
    case 5:
      return { pairs: reader.list(argument, () => [readValue(reader), readValue(reader)] as const) };
    default:
      return { tag: argument, value: reader.deeper(() => readValue(reader)) };
  }
}

function readValue(reader: ByteReader): DecodedValue {
  const item = readItem(reader);
  if (item === BREAK) throw new NotThisFormat();
  return item;
}

function readArgument(reader: ByteReader, info: number): number | bigint {
  if (info < 24) return info;
  if (info === 24) return reader.u8();
  if (info === 25) return reader.u16();
  if (info === 26) return reader.u32();
  if (info === 27) return reader.u64();
  throw new NotThisFormat();
}

function readSimple(reader: ByteReader, info: number): DecodedValue | typeof BREAK {
  switch (info) {
    case 20:
      return false;
    case 21:
      return true;
    case 22:
      return null;
    case 23:
      return undefined;
    case 25:
      return reader.f16();
    case 26:
      return reader.f32();
    case 27:
      return reader.f64();
    case INDEFINITE:
      return BREAK;
    default:
      throw new NotThisFormat();
  }
}

function readIndefinite(reader: ByteReader, major: number): DecodedValue {
  const parts = reader.deeper(() => {
    const found: DecodedValue[] = [];
    for (let item = readItem(reader); item !== BREAK; item = readItem(reader)) found.push(item);
    return found;
  });
  if (major === 4) return parts;
  if (major === 3 && parts.every((part) => typeof part === 'string')) return parts.join('');
  if (major === 2) return Uint8Array.from(parts.flatMap((part) => (part instanceof Uint8Array ? [...part] : [])));
  if (major !== 5 || parts.length % 2 === 1) throw new NotThisFormat();
  return {
    pairs: Array.from({ length: parts.length / 2 }, (_, index) => [parts[index * 2], parts[index * 2 + 1]] as const),
  };
}
