/** Valid packets as bytes, to be sent as they are or damaged. */
import { encode, type Packet, type ProtocolVersion, type Role, type Side } from '@omqtt/codec';
import { connectPackets, packetFrom } from '@omqtt/testkit/arbitraries';
import * as fc from 'fast-check';
import type { Random } from './random.ts';

interface Packets {
  /** Most cases are made of these, because a million of the others would take a day. */
  readonly small: readonly Uint8Array[];
  readonly large: readonly Uint8Array[];
}

const SMALL_BYTES = 1024;
const LARGE_KEPT = 12;

export class Corpus {
  readonly #packets: Readonly<Record<ProtocolVersion, Readonly<Record<Side, Packets>>>>;
  readonly #connects: Readonly<Record<ProtocolVersion, Packets>>;

  /** `size` packets for each version and each side. */
  constructor(seed: number, size = 1500) {
    const bySide = (version: ProtocolVersion): Record<Side, Packets> => ({
      client: sample(packetFrom(version, 'client'), version, { seed, numRuns: size }),
      server: sample(packetFrom(version, 'server'), version, { seed, numRuns: size }),
    });
    this.#packets = { '5.0': bySide('5.0'), '3.1.1': bySide('3.1.1') };
    const connects = (version: ProtocolVersion): Packets =>
      sample(connectPackets(version), version, { seed, numRuns: size / 10 });
    this.#connects = { '5.0': connects('5.0'), '3.1.1': connects('3.1.1') };
  }

  /** A packet that `reader` may receive. */
  packetFor(reader: Role, version: ProtocolVersion, random: Random): Uint8Array {
    const sender =
      reader === 'either' ? random.pick<Side>(['client', 'server']) : reader === 'client' ? 'server' : 'client';
    return pick(this.#packets[version][sender], random);
  }

  connect(version: ProtocolVersion, random: Random): Uint8Array {
    return pick(this.#connects[version], random);
  }
}

function sample(
  packets: fc.Arbitrary<Packet>,
  version: ProtocolVersion,
  parameters: { readonly seed: number; readonly numRuns: number },
): Packets {
  const encoded = fc.sample(packets, parameters).map((packet) => encode(packet, version).slice());
  const large = encoded.filter(({ length }) => length > SMALL_BYTES);
  return { small: encoded.filter(({ length }) => length <= SMALL_BYTES), large: large.slice(0, LARGE_KEPT) };
}

function pick({ small, large }: Packets, random: Random): Uint8Array {
  return random.pick(large.length > 0 && random.isOneIn(2000) ? large : small);
}
