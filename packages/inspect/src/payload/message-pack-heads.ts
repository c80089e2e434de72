/** How MessagePack begins a value. */
import type { ByteWriter } from './byte-writer.ts';
import type { Heads } from './heads.ts';

export const messagePackHeads: Heads = {
  nothing: 0xc0,
  no: 0xc2,
  yes: 0xc3,
  double: 0xcb,
  integer: (writer, value) => (value < 0 ? writeNegative(writer, value) : writeUnsigned(writer, value)),
  text: lengths({ short: 0xa0, most: 31, of8: 0xd9, of16: 0xda, of32: 0xdb }),
  list: lengths({ short: 0x90, most: 15, of16: 0xdc, of32: 0xdd }),
  map: lengths({ short: 0x80, most: 15, of16: 0xde, of32: 0xdf }),
};

/** The codes of what has a length: one that holds it itself up to the most, and those that it follows. */
interface Codes {
  readonly short: number;
  readonly most: number;
  readonly of8?: number;
  readonly of16: number;
  readonly of32: number;
}

function lengths({ short, most, of8, of16, of32 }: Codes): Heads['text'] {
  return (writer, length) => {
    if (length <= most) writer.u8(short | length);
    else if (of8 !== undefined && length <= 0xff) {
      writer.u8(of8);
      writer.u8(length);
    } else if (length <= 0xffff) {
      writer.u8(of16);
      writer.u16(length);
    } else {
      writer.u8(of32);
      writer.u32(length);
    }
  };
}

function writeUnsigned(writer: ByteWriter, value: number): void {
  if (value < 0x80) writer.u8(value);
  else if (value <= 0xff) {
    writer.u8(0xcc);
    writer.u8(value);
  } else if (value <= 0xffff) {
    writer.u8(0xcd);
    writer.u16(value);
  } else if (value <= 0xffff_ffff) {
    writer.u8(0xce);
    writer.u32(value);
  } else {
    writer.u8(0xcf);
    writer.u64(BigInt(value));
  }
}

// What is written takes the lowest bits, which is the two's complement.
function writeNegative(writer: ByteWriter, value: number): void {
  if (value >= -32) writer.u8(value);
  else if (value >= -0x80) {
    writer.u8(0xd0);
    writer.u8(value);
  } else if (value >= -0x8000) {
    writer.u8(0xd1);
    writer.u16(value);
  } else if (value >= -0x8000_0000) {
    writer.u8(0xd2);
    writer.u32(value);
  } else {
    writer.u8(0xd3);
    writer.u64(BigInt(value));
  }
}
