import type { Packet } from '@omqtt/codec';
import { describe, expect, test } from 'vitest';
import { FuzzFailure, runCampaign, wholeCodec, type CampaignOptions } from '../src/campaign.ts';
import { describeFailure, describeReport } from '../src/campaign-text.ts';
import type { CodecUnderTest } from '../src/examine.ts';

test('50 000 cases find nothing wrong with the codec', { timeout: 120_000 }, () => {
  const report = runCampaign({ seed: 20_260_417, cases: 50_000 });

  expect(report.casesByKind.size).toBe(6);
  expect(report.packetsRead).toBeGreaterThan(20_000);
  // Damage that is always found in the same place would show little.
  expect(report.casesByProblem.size).toBeGreaterThan(30);
  expect(describeReport(report)).toContain('ill-formed-text');
});

describe('a bug is reported when', { timeout: 60_000 }, () => {
  test('another error escapes from decode, with all it takes to see it again', () => {
    const failure = failureOf({ codec: decodingWith(throwRangeError) });

    expect(failure.message).toMatch(/^seed 7, case \d+: RangeError: planted$/);
    const { bytes, number } = failure.subject;
    const text = describeFailure(failure, 7);
    expect(text).toContain(`bytes ${Buffer.from(bytes).toString('hex')}`);
    expect(text).toContain(`--seed 7 --case ${number}`);
  });

  test('another error escapes from a stream', () => {
    const codec = pushingWith((stream, chunk) => {
      const packets = stream.push(chunk);
      if (packets.some(({ type }) => type === 'suback')) throw new TypeError('planted');
      return packets;
    });

    expect(failureOf({ codec }).cause).toBeInstanceOf(TypeError);
  });

  test('the first case of a replay is the one that failed', () => {
    const codec = decodingWith(throwRangeError);
    const failure = failureOf({ codec });
    const replayed = failureOf({ codec, first: failure.subject.number, cases: 1 });

    expect(replayed.subject).toEqual(failure.subject);
  });

  test('a packet changes when it is encoded again', () => {
    expect(failureOf({ codec: { ...wholeCodec, encode: encodeWithWrongId } }).message).toContain('puback changes');
  });

  test('a packet gets lost at the edge of a chunk', () => {
    const codec = pushingWith((stream, chunk) => {
      const wasHolding = stream.bufferedBytes > 0;
      return stream.push(chunk).slice(wasHolding ? 1 : 0);
    });

    expect(failureOf({ codec }).message).toContain('in chunks');
  });

  test('a stream goes on after an error', () => {
    // What the check pushes after an error is a PINGREQ.
    const codec = pushingWith((stream, chunk) => (chunk[0] === 0xc0 && chunk.length === 2 ? [] : stream.push(chunk)));

    expect(failureOf({ codec }).message).toContain('goes on after an error');
  });

  test('each case takes long', () => {
    const failure = failureOf({ codec: { ...wholeCodec, decode: decodeSlowly }, cases: 20, isTimed: true });
    expect(failure.message).toContain('TooSlowError');
  });

  test('nothing comes back', () => {
    const failure = failureOf({ codec: decodingWith(hang), batchMilliseconds: 1000 });

    expect(failure.message).toContain('timed out');
    expect(failure.subject.bytes[0]).toBe(UNSUBACK);
  });

  test('memory is not given back', () => {
    const kept: Uint8Array[] = [];
    const codec = decodingWith(() => void kept.push(new Uint8Array(100_000)));

    expect(() => runCampaign({ seed: 7, cases: 20_000, codec })).toThrow(/^Memory grew by/);
  });
});

/** Far above the limit of every case, so that it does not matter what else runs on the machine. */
const decodeSlowly: CodecUnderTest['decode'] = (...given) => {
  for (const end = performance.now() + 500; performance.now() < end;);
  return wholeCodec.decode(...given);
};

const UNSUBACK = 0xb0;

function failureOf(options: Partial<CampaignOptions>): FuzzFailure {
  try {
    runCampaign({ seed: 7, cases: 2000, ...options });
  } catch (error) {
    if (error instanceof FuzzFailure) return error;
    throw error;
  }
  throw new Error('The planted bug was not found.');
}

/** The codec with something that happens in each `decode` of an UNSUBACK. */
function decodingWith(happen: () => void): CodecUnderTest {
  return {
    ...wholeCodec,
    decode: (...given) => {
      if (given[0][0] === UNSUBACK) happen();
      return wholeCodec.decode(...given);
    },
  };
}

function throwRangeError(): never {
  throw new RangeError('planted');
}

function hang(): never {
  for (;;) Math.random();
}

const encodeWithWrongId: CodecUnderTest['encode'] = (packet, version, options) =>
  wholeCodec.encode(packet.type === 'puback' ? { ...packet, packetId: 1 } : packet, version, options);

type Stream = ReturnType<CodecUnderTest['openStream']>;

function pushingWith(push: (stream: Stream, chunk: Uint8Array) => Packet[]): CodecUnderTest {
  return {
    ...wholeCodec,
    openStream: (options) => {
      const stream = wholeCodec.openStream(options);
      return {
        push: (chunk) => push(stream, chunk),
        get version() {
          return stream.version;
        },
        get bufferedBytes() {
          return stream.bufferedBytes;
        },
      };
    },
  };
}
