import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { decode, encode, MalformedPacketError, type Packet, type ProtocolVersion } from '../src/index.ts';
import { errorOf } from './decode-refusal.ts';
import { allVectors } from './vectors/all.ts';
import { bodyOf, framed } from './vectors/framing.ts';

// Making a stack trace takes longer than finding the error, and here are several hundred thousand of them.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

/** `undefined` for bytes that are refused; throws what is no refusal. */
function packetOrNothing(bytes: Uint8Array, version: ProtocolVersion): Packet | undefined {
  try {
    return decode(bytes, version);
  } catch (error) {
    if (error instanceof MalformedPacketError) return undefined;
    throw error;
  }
}

/** What may be left of a packet whose end is missing, and is still a packet of its own. */
function isBeginningOf(whole: Packet, part: Packet): boolean {
  switch (part.type) {
    case 'publish':
      return whole.type === 'publish' && startsWith(whole.payload, part.payload) && part.topic === whole.topic;
    case 'subscribe':
      return whole.type === 'subscribe' && startsWith(whole.subscriptions, part.subscriptions);
    case 'unsubscribe':
      return whole.type === 'unsubscribe' && startsWith(whole.filters, part.filters);
    case 'suback':
    case 'unsuback':
      return whole.type === part.type && startsWith(whole.reasonCodes, part.reasonCodes);
    case 'disconnect':
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return part.properties === undefined;
    default:
      return false;
  }
}

function startsWith(whole: ArrayLike<unknown>, part: ArrayLike<unknown>): boolean {
  return JSON.stringify(Array.from(whole).slice(0, part.length)) === JSON.stringify(Array.from(part));
}

describe('a packet with bytes missing or left over is refused', () => {
  test.each(allVectors)('$title ($version): every part of it that lacks its end', ({ bytes, version }) => {
    for (let length = 1; length < bytes.length; length += 1) {
      const { problem, reasonCode, offset } = errorOf(bytes.subarray(0, length), version);
      expect({ length, problem, reasonCode }).toStrictEqual({ length, problem: 'truncated', reasonCode: 0x81 });
      expect(offset).toBeLessThanOrEqual(length);
    }
  });

  test.each(['5.0', '3.1.1'] as const)('no byte at all, in %s', (version) => {
    expect(errorOf(new Uint8Array(0), version)).toMatchObject({ problem: 'truncated', reasonCode: 0x81, offset: 0 });
  });

  test.each(allVectors)('$title ($version): one byte more', ({ bytes, version }) => {
    const longer = Uint8Array.of(...bytes, 0x00);
    expect(errorOf(longer, version)).toMatchObject({ problem: 'trailing-bytes', reasonCode: 0x81 });
  });

  test.each(allVectors)('$title ($version): two packets at once', ({ bytes, version }) => {
    expect(errorOf(Uint8Array.of(...bytes, ...bytes), version).problem).toBe('trailing-bytes');
  });
});

describe('a packet whose Remaining Length is wrong', () => {
  test.each(allVectors)('$title ($version): too small, and never more than a beginning is read', (vector) => {
    const { bytes, version, packet } = vector;
    const body = bodyOf(bytes);
    for (let length = 0; length < body.length; length += 1) {
      const part = packetOrNothing(framed(bytes[0] ?? 0, body.subarray(0, length)), version);
      expect([length, part === undefined || isBeginningOf(packet, part)]).toStrictEqual([length, true]);
    }
  });

  const withEnd = allVectors.filter(({ packet }) => packet.type !== 'publish');
  test.each(withEnd)(
    '$title ($version): too large, and a byte of the next packet is not taken for its own',
    (vector) => {
      const { bytes, version } = vector;
      // 0xff is no reason code, no length and no option: whoever reads it refuses it.
      const longer = framed(bytes[0] ?? 0, Uint8Array.of(...bodyOf(bytes), 0xff));
      expect(packetOrNothing(longer, version)).toBeUndefined();
    },
  );

  test.each(['5.0', '3.1.1'] as const)('in no type of %s may a packet end before its first field', (version) => {
    const empty = Array.from({ length: 256 }, (_, firstByte) => firstByte).filter(
      (firstByte) => packetOrNothing(Uint8Array.of(firstByte, 0x00), version) !== undefined,
    );
    expect(empty).toStrictEqual([0xc0, 0xd0, 0xe0]);
  });
});

describe('whatever one byte of a packet is changed to', () => {
  test('it is read or refused, and nothing else happens', () => {
    let changes = 0;
    for (const { bytes, version } of allVectors) {
      const changed = Uint8Array.from(bytes);
      for (const [index, byte] of bytes.entries()) {
        for (let value = 0; value < 256; value += 1) {
          changed[index] = value;
          packetOrNothing(changed, version);
          changes += 1;
        }
        changed[index] = byte;
      }
    }
    expect(changes).toBe(allVectors.reduce((sum, { bytes }) => sum + bytes.length * 256, 0));
  });

  test.each(allVectors)('$title ($version): what is read can be written, and is read the same again', (vector) => {
    const { version } = vector;
    for (const changed of withOneBitChanged(vector.bytes)) {
      const packet = packetOrNothing(changed, version);
      if (packet === undefined || isForTheServerToRefuse(packet)) continue;
      const written = encode(packet, version);
      expect(written.length).toBeLessThanOrEqual(changed.length);
      expect(decode(written, version)).toStrictEqual(packet);
    }
  });
});

function withOneBitChanged(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes).flatMap((byte, index) =>
    [1, 2, 4, 8, 16, 32, 64, 128].map((bit) => bytes.with(index, byte ^ bit)),
  );
}

/** No client of 3.1.1 may send it, but a server has a return code to answer it with, so it has to be read. */
function isForTheServerToRefuse(packet: Packet): boolean {
  return packet.type === 'connect' && packet.version === '3.1.1' && packet.clientId === '' && !packet.cleanStart;
}
