import {
  decode,
  encode,
  PacketEncoder,
  PacketStream,
  type Packet,
  type ProtocolVersion,
  type Side,
} from '@omqtt/codec';
import { packetFrom, packets } from '@omqtt/testkit/arbitraries';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const versions: readonly ProtocolVersion[] = ['5.0', '3.1.1'];
const sides: readonly Side[] = ['client', 'server'];
const many = { numRuns: 2000 };

describe.each(versions)('any packet of %s', (version) => {
  test('is the same after encoding and decoding', () => {
    fc.assert(
      fc.property(packets(version), (packet) => {
        expect(decode(encode(packet, version), version)).toStrictEqual(packet);
      }),
      many,
    );
  });

  test('has one encoding: what is decoded is encoded to the same bytes', () => {
    fc.assert(
      fc.property(packets(version), (packet) => {
        const bytes = encode(packet, version);
        expect(encode(decode(bytes, version), version)).toEqual(bytes);
      }),
      many,
    );
  });

  test('means the same with members that are undefined and lists that are empty', () => {
    fc.assert(
      fc.property(packets(version), (packet) => {
        expect(decode(encode(padded(packet, version), version), version)).toStrictEqual(packet);
      }),
      many,
    );
  });

  test('is the same whatever the order of its properties in the object', () => {
    fc.assert(
      fc.property(packets(version), (packet) => {
        expect(decode(encode(reversed(packet), version), version)).toStrictEqual(packet);
      }),
      many,
    );
  });

  test.each(sides)('comes out of a stream from the %s in chunks of any size as it went in', (side) => {
    const other = side === 'client' ? 'server' : 'client';
    const streams = fc.array(packetFrom(version, side), { minLength: 1, maxLength: 6 });
    const sizes = fc.infiniteStream(fc.oneof(fc.constant(1), fc.nat({ max: 40 }), fc.nat({ max: 100_000 })));
    fc.assert(
      fc.property(streams, sizes, (sent, chunkSizes) => {
        const encoder = new PacketEncoder({ version, role: side });
        for (const packet of sent) encoder.append(packet);
        const stream = new PacketStream({ version, role: other });
        const received = chunksOf(encoder.take(), chunkSizes).flatMap((chunk) => stream.push(chunk));
        expect(received).toStrictEqual(sent);
        expect(stream.bufferedBytes).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });
});

function chunksOf(bytes: Uint8Array, sizes: Iterator<number, unknown>): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const { value, done } = sizes.next();
    const end = done ? bytes.length : at + value;
    chunks.push(bytes.slice(at, end));
    at = end;
  }
  return chunks;
}

/** The packet with optional members that are there and say nothing; in 3.1.1 not even an empty list may be there. */
function padded(packet: Packet, version: ProtocolVersion): Packet {
  const empty = { reasonString: undefined, userProperties: version === '5.0' ? [] : undefined };
  const isPing = packet.type === 'pingreq' || packet.type === 'pingresp';
  const padding = isPing ? {} : { properties: { ...empty, ...propertiesOf(packet) } };
  const absent = { packetId: undefined, will: undefined, username: undefined, password: undefined };
  return { ...absent, ...packet, ...padding } as Packet;
}

function reversed(packet: Packet): Packet {
  const properties = propertiesOf(packet);
  if (properties === undefined) return packet;
  return { ...packet, properties: Object.fromEntries(Object.entries(properties).toReversed()) } as Packet;
}

function propertiesOf(packet: Packet): object | undefined {
  return 'properties' in packet ? packet.properties : undefined;
}
