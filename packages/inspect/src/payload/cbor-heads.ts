/** How CBOR begins a value (RFC 8949 §3): three bits say what it is, the others how long it is or what follows says it. */
import type { ByteWriter } from './byte-writer.ts';
import type { Heads } from './heads.ts';

export const cborHeads: Heads = {
  nothing: 0xf6,
  no: 0xf4,
  yes: 0xf5,
  double: 0xfb,
  integer: (writer, value) => (value < 0 ? writeHead(writer, 1, -1 - value) : writeHead(writer, 0, value)),
  text: (writer, length) => writeHead(writer, 3, length),
  list: (writer, length) => writeHead(writer, 4, length),
  map: (writer, length) => writeHead(writer, 5, length),
};

function writeHead(writer: ByteWriter, major: number, argument: number): void {
  const type = major << 5;
  if (argument < 24) writer.u8(type | argument);
  else if (argument <= 0xff) {
    writer.u8(type | 24);
    writer.u8(argument);
  } else if (argument <= 0xffff) {
    writer.u8(type | 25);
    writer.u16(argument);
  } else if (argument <= 0xffff_ffff) {
    writer.u8(type | 26);
    writer.u32(argument);
  } else {
    writer.u8(type | 27);
    writer.u64(BigInt(argument));
  }
}
