/** One case: bytes, how they are cut, and who reads them. It follows from the seed and its number alone. */
import { packetTypes, type ProtocolVersion, type Role } from '@omqtt/codec';
import type { Corpus } from './corpus.ts';
import { damage, joined } from './mutations.ts';
import { Random } from './random.ts';

export type FuzzKind = keyof typeof shares;

/** How often each kind comes: random bytes seldom get past the first two. */
const shares = {
  'random bytes': 1,
  'random body': 3,
  'damaged packet': 3,
  'damaged body': 6,
  'valid stream': 2,
  'damaged stream': 3,
} as const;

const kinds = Object.entries(shares).flatMap(([kind, share]) => Array<FuzzKind>(share).fill(kind as FuzzKind));

export interface FuzzCase {
  readonly number: number;
  readonly kind: FuzzKind;
  readonly version: ProtocolVersion | 'auto';
  readonly role: Role;
  readonly maximumPacketBytes: number;
  readonly bytes: Uint8Array;
  /** The same bytes in pieces, empty ones included. */
  readonly chunks: readonly Uint8Array[];
  /** How many packets have to come out, for what is not damaged. */
  readonly packetCount: number | undefined;
}

export function makeCase(seed: number, number: number, corpus: Corpus): FuzzCase {
  const random = new Random(seed, number);
  const kind = random.pick(kinds);
  const version = random.pick<ProtocolVersion | 'auto'>(['5.0', '5.0', '3.1.1', 'auto']);
  // Only those that read what clients send can wait for a CONNECT.
  const role = random.pick<Role>(version === 'auto' ? ['server', 'either'] : ['client', 'server', 'either']);
  // Some packets are made for either side, and so may be for the wrong one.
  const reader = kind !== 'valid stream' && random.isOneIn(5) ? 'either' : role;
  const { bytes, packetCount } = makeBytes(kind, new Material(random, corpus, { version, role: reader }));
  const isLimited = packetCount === undefined && random.isOneIn(10);
  const maximumPacketBytes = isLimited ? random.below(100) : Infinity;
  return { number, kind, version, role, maximumPacketBytes, bytes, chunks: cut(bytes, random), packetCount };
}

/** What cases of one version and role are made of. */
class Material {
  readonly random: Random;
  readonly #version: ProtocolVersion | 'auto';
  readonly #role: Role;
  readonly #corpus: Corpus;

  constructor(random: Random, corpus: Corpus, { version, role }: Pick<FuzzCase, 'version' | 'role'>) {
    this.random = random;
    this.#corpus = corpus;
    this.#version = version;
    this.#role = role;
  }

  /** Valid packets in a row; where the version has to be told, a CONNECT comes first. */
  stream(count: number): Uint8Array[] {
    const version = this.#version === 'auto' ? this.random.pick<ProtocolVersion>(['5.0', '3.1.1']) : this.#version;
    const packets = Array.from({ length: count }, () => this.#corpus.packetFor(this.#role, version, this.random));
    return this.#version === 'auto' ? [this.#corpus.connect(version, this.random), ...packets.slice(1)] : packets;
  }

  packet(): Uint8Array {
    return joined(...this.stream(1));
  }
}

function makeBytes(kind: FuzzKind, material: Material): Pick<FuzzCase, 'bytes' | 'packetCount'> {
  const { random } = material;
  switch (kind) {
    case 'random bytes':
      return { bytes: random.bytes(random.below(65)), packetCount: undefined };
    case 'random body':
      return { bytes: framed(randomFirstByte(random), randomBody(random)), packetCount: undefined };
    case 'damaged packet':
      return { bytes: damage(material.packet(), random), packetCount: undefined };
    case 'damaged body': {
      const packet = material.packet();
      return { bytes: framed(packet[0] ?? 0, damage(bodyOf(packet), random)), packetCount: undefined };
    }
    case 'valid stream': {
      const packets = material.stream(1 + random.below(6));
      return { bytes: joined(...packets), packetCount: packets.length };
    }
    case 'damaged stream':
      return { bytes: damage(joined(...material.stream(1 + random.below(5))), random), packetCount: undefined };
  }
}

function randomFirstByte(random: Random): number {
  const { type, number, flags } = random.pick(packetTypes);
  if (type === 'publish') return (number << 4) | random.below(16);
  return (number << 4) | (random.isOneIn(20) ? random.below(16) : flags);
}

/** Mostly small numbers, which are lengths, property identifiers and codes; among large ones nothing is ever found. */
function randomBody(random: Random): Uint8Array {
  const length = random.below(40);
  return Uint8Array.from({ length }, () => (random.isOneIn(4) ? random.below(256) : random.below(10)));
}

/** Puts a right Remaining Length in front, so that damage reaches what comes behind it. */
function framed(firstByte: number, body: Uint8Array): Uint8Array {
  const header = [firstByte];
  let rest = body.length;
  while (rest >= 0x80) {
    header.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return joined(Uint8Array.from([...header, rest]), body);
}

function bodyOf(packet: Uint8Array): Uint8Array {
  return packet.subarray(packet.findIndex((byte, index) => index > 0 && byte < 0x80) + 1);
}

function cut(bytes: Uint8Array, random: Random): Uint8Array[] {
  const longest = random.pick([1, 2, 5, 30, 1000]);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = random.isOneIn(20) ? 0 : 1 + random.below(longest);
    // A copy: packets must not depend on chunks lying side by side in one buffer.
    chunks.push(bytes.slice(at, at + length));
    at += length;
  }
  return chunks;
}
