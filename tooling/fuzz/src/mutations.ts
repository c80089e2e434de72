/** Ways to damage bytes. Each returns new bytes and leaves the given ones alone, because those come from the corpus. */
import type { Random } from './random.ts';

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Applies one to four mutations. */
export function damage(bytes: Uint8Array, random: Random): Uint8Array {
  let damaged = bytes;
  for (let count = 1 + random.below(4); count > 0; count -= 1) damaged = random.pick(mutations)(damaged, random);
  return damaged;
}

/**
 * Where decoders have their limits: signs, continuation bits, NUL, the start and the end of ranges, properties that may
 * repeat and that may not, and the characters `#`, `$`, `+` and `/`.
 */
const remarkable = [
  0x00, 0x01, 0x02, 0x03, 0x0b, 0x1f, 0x23, 0x24, 0x26, 0x2b, 0x2f, 0x7f, 0x80, 0x81, 0xc0, 0xed, 0xf4, 0xff,
];

const mutations: readonly Mutation[] = [
  flipBit,
  setByte,
  truncate,
  insert,
  duplicate,
  remove,
  editShortLength,
  editVariableLength,
  swap,
];

function flipBit(bytes: Uint8Array, random: Random): Uint8Array {
  return changed(bytes, random, (byte) => byte ^ (1 << random.below(8)));
}

function setByte(bytes: Uint8Array, random: Random): Uint8Array {
  return changed(bytes, random, () => random.pick(remarkable));
}

function truncate(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(0, random.below(bytes.length + 1));
}

function insert(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  return joined(bytes.subarray(0, at), random.bytes(1 + random.below(6)), bytes.subarray(at));
}

/** Repeats a piece: a property that comes twice, a packet that comes twice. */
function duplicate(bytes: Uint8Array, random: Random): Uint8Array {
  const [from, to] = range(bytes, random);
  return joined(bytes.subarray(0, to), bytes.subarray(from, to), bytes.subarray(to));
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const [from, to] = range(bytes, random);
  return joined(bytes.subarray(0, from), bytes.subarray(to));
}

/** A two-byte length that is one too long, one too short, nothing, or far too much. */
function editShortLength(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length < 2) return bytes;
  const edited = bytes.slice();
  const view = new DataView(edited.buffer);
  const at = random.below(bytes.length - 1);
  const length = view.getUint16(at);
  view.setUint16(at, random.pick([length + 1, length - 1, 0, 0xffff, bytes.length, bytes.length - at - 2]));
  return edited;
}

/** The Remaining Length most of the time, else any byte that may be a property length. */
function editVariableLength(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length < 2) return bytes;
  const at = random.isOneIn(3) ? random.below(bytes.length) : 1;
  const byte = bytes[at] ?? 0;
  const length = random.pick([
    [byte + 1],
    [byte - 1],
    [0x80, 0x00],
    [0xff, 0xff, 0xff, 0x7f],
    [0xff, 0xff, 0xff, 0xff],
  ]);
  return joined(bytes.subarray(0, at), Uint8Array.from(length), bytes.subarray(at + 1));
}

/** Exchanges two pieces that stand side by side. */
function swap(bytes: Uint8Array, random: Random): Uint8Array {
  const [from, to] = range(bytes, random);
  const middle = from + random.below(to - from + 1);
  return joined(bytes.subarray(0, from), bytes.subarray(middle, to), bytes.subarray(from, middle), bytes.subarray(to));
}

function changed(bytes: Uint8Array, random: Random, change: (byte: number) => number): Uint8Array {
  const at = random.below(bytes.length + 1);
  return bytes.map((byte, index) => (index === at ? change(byte) : byte));
}

function range({ length }: Uint8Array, random: Random): readonly [from: number, to: number] {
  const from = random.below(length + 1);
  return [from, Math.min(length, from + 1 + random.below(12))];
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
