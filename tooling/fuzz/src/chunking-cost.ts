/** What it costs when a large packet comes in the smallest possible chunks. */
import { encode } from '@omqtt/codec';
import type { CodecUnderTest } from './examine.ts';

export interface ChunkingCost {
  /** Processor time for 1 MiB in chunks of one byte. */
  readonly milliseconds: number;
  /** The time for each byte of 1 MiB over that of 64 KiB: about 1 when the cost is linear, 16 when it is quadratic. */
  readonly growth: number;
}

export const CHUNKING_GROWTH_ALLOWED = 4;

const SMALL = 65_536;
const LARGE = 1_048_576;

export function measureChunking(openStream: CodecUnderTest['openStream'], rounds = 3): ChunkingCost {
  const small = bestTime(openStream, SMALL, rounds);
  const large = bestTime(openStream, LARGE, rounds);
  return { milliseconds: large, growth: large / LARGE / (small / SMALL) };
}

/** The best of some rounds, as what disturbs a measurement only ever makes it longer. */
function bestTime(openStream: CodecUnderTest['openStream'], payloadBytes: number, rounds: number): number {
  const bytes = encode(
    { type: 'publish', topic: 't', payload: new Uint8Array(payloadBytes), qos: 0, retain: false, dup: false },
    '5.0',
  );
  // The small one many times over, until both take long enough to be measured.
  const repeats = LARGE / payloadBytes;
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.threadCpuUsage();
    for (let repeat = 0; repeat < repeats; repeat += 1) pushBytes(openStream, bytes);
    const { user, system } = process.threadCpuUsage(before);
    best = Math.min(best, (user + system) / 1000 / repeats);
  }
  return best;
}

function pushBytes(openStream: CodecUnderTest['openStream'], bytes: Uint8Array): void {
  const stream = openStream({ version: '5.0' });
  let packets = 0;
  for (let at = 0; at < bytes.length; at += 1) packets += stream.push(bytes.subarray(at, at + 1)).length;
  if (packets !== 1) throw new Error(`One packet in chunks of one byte came out as ${packets}.`);
}
