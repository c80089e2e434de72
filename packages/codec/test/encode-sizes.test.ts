import { describe, expect, test } from 'vitest';

import { decode, encode, PacketTooLargeError } from '../src/index.ts';
import type { PublishPacket } from '../src/index.ts';
import { refusal } from './refusal.ts';
import { packetWith } from './sample-packets.ts';

const widths: readonly (readonly [length: number, bytes: readonly number[]])[] = [
  [127, [0x7f]],
  [128, [0x80, 0x01]],
  [16_383, [0xff, 0x7f]],
  [16_384, [0x80, 0x80, 0x01]],
  [2_097_151, [0xff, 0xff, 0x7f]],
  [2_097_152, [0x80, 0x80, 0x80, 0x01]],
];

function publish(topic: string, payload: Uint8Array): PublishPacket {
  return { type: 'publish', topic, payload, qos: 0, retain: false, dup: false };
}

/** How many of the last bytes are `byte`: a quick look at a payload of megabytes. */
function countAtEnd(bytes: Uint8Array, byte: number): number {
  return bytes.length - 1 - bytes.findLastIndex((each) => each !== byte);
}

/** Says to have `size` bytes and has none, so that the tests of the very largest packets need not fill them. */
class Hollow extends Uint8Array {
  readonly #size: number;

  constructor(size: number) {
    super(0);
    this.#size = size;
  }

  override get length(): number {
    return this.#size;
  }
}

describe('the Remaining Length takes as few bytes as it can', () => {
  // The encoder guesses the width from the number of characters: it guesses right, too low and too high.
  const topics = [
    { title: 'a topic of ASCII', topic: 't' },
    { title: 'a topic with more bytes than characters', topic: '€'.repeat(40) },
  ];

  test.each(topics)('[5.0 MQTT-1.5.5-1] with $title in 5.0', ({ topic }) => {
    const topicBytes = Buffer.byteLength(topic);
    const header = 2 + topicBytes + 1;
    for (const [length, bytes] of widths.filter(([each]) => each > header)) {
      const packet = publish(topic, new Uint8Array(length - header).fill(0x61));
      const written = encode(packet, '5.0');
      expect([...written.subarray(1, 1 + bytes.length)]).toEqual(bytes);
      expect(written).toHaveLength(1 + bytes.length + length);
      expect(Buffer.from(topic).equals(written.subarray(3 + bytes.length, 3 + bytes.length + topicBytes))).toBe(true);
      expect(packet.payload).toHaveLength(countAtEnd(written, 0x61));
      expect(decode(written, '5.0').type).toBe('publish');
    }
  });

  test.each(topics)('with $title in 3.1.1', ({ topic }) => {
    const topicBytes = Buffer.byteLength(topic);
    const header = 2 + topicBytes;
    for (const [length, bytes] of widths.filter(([each]) => each > header)) {
      const packet = publish(topic, new Uint8Array(length - header).fill(0x61));
      const written = encode(packet, '3.1.1');
      expect([...written.subarray(1, 1 + bytes.length)]).toEqual(bytes);
      expect(written).toHaveLength(1 + bytes.length + length);
      expect(Buffer.from(topic).equals(written.subarray(3 + bytes.length, 3 + bytes.length + topicBytes))).toBe(true);
      expect(packet.payload).toHaveLength(countAtEnd(written, 0x61));
      expect(decode(written, '3.1.1').type).toBe('publish');
    }
  });

  test('in packets of every length around the first two widths', () => {
    for (let size = 110; size < 140; size += 1) {
      const packet = publish('t/é', new Uint8Array(size).fill(size));
      expect(decode(encode(packet, '5.0'), '5.0')).toEqual(packet);
      expect(decode(encode(packet, '3.1.1'), '3.1.1')).toEqual(packet);
    }
  });
});

test('[5.0 MQTT-1.5.5-1] the Property Length takes as few bytes as it can', () => {
  for (const [length, bytes] of widths.slice(0, 4)) {
    // A content type has an identifier and a length before its text.
    const properties = { contentType: 'x'.repeat(length - 3) };
    const packet = packetWith('publish', properties);
    const written = encode(packet, '5.0');
    const lengthOfPacket = written.findIndex((byte, index) => index > 0 && byte < 0x80);
    const at = lengthOfPacket + 1 + 3;
    expect([...written.subarray(at, at + bytes.length)]).toEqual(bytes);
    expect(decode(written, '5.0')).toEqual(packet);
  }
});

describe('no packet has a Remaining Length above 268435455', () => {
  test('[5.0 MQTT-1.5.5-1] the largest PUBLISH is written, and the next is refused', () => {
    // The topic takes 3 bytes.
    const largest = encode(publish('t', new Hollow(268_435_452)), '3.1.1');
    expect([...largest.subarray(0, 5)]).toEqual([0x30, 0xff, 0xff, 0xff, 0x7f]);
    expect(largest).toHaveLength(268_435_460);
    const error = refusal(publish('t', new Hollow(268_435_453)), '3.1.1');
    expect(error).toBeInstanceOf(PacketTooLargeError);
    expect(error).toMatchObject({ code: 'packet-too-large', reasonCode: 0x95 });
  });

  test('a payload that cannot fit is refused before it is copied', () => {
    const before = process.memoryUsage().arrayBuffers;
    const error = refusal(publish('t', new Uint8Array(268_435_456)), '5.0');
    expect(error).toBeInstanceOf(PacketTooLargeError);
    // The payload itself, and nothing of its size beside it.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(300_000_000);
  });
});
