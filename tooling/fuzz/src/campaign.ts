/** Runs many cases, and says what came of them. */
import { decode, encode, PacketStream, type Problem } from '@omqtt/codec';
import { CHUNKING_GROWTH_ALLOWED, measureChunking, type ChunkingCost } from './chunking-cost.ts';
import { Corpus } from './corpus.ts';
import { examine, type CodecUnderTest, type Outcome } from './examine.ts';
import { makeCase, type FuzzCase, type FuzzKind } from './fuzz-case.ts';
import { bytesInUse } from './memory.ts';
import { examineSwiftly, interruptAfter } from './time-limits.ts';

export interface CampaignOptions {
  readonly seed: number;
  readonly cases: number;
  /** The number of the first case, to replay one. Default: 0. */
  readonly first?: number;
  /** Default: the codec as it is. */
  readonly codec?: CodecUnderTest;
  /** How long a thousand cases may take before the one at hand counts as a hang. Default: 60 seconds. */
  readonly batchMilliseconds?: number;
  /** Also look at how long a case and a byte take: only where nothing else needs the processor. Default: false. */
  readonly isTimed?: boolean;
  readonly onProgress?: (done: number) => void;
}

export interface CampaignReport {
  readonly cases: number;
  readonly casesByKind: ReadonlyMap<FuzzKind, number>;
  readonly packetsRead: number;
  readonly casesByProblem: ReadonlyMap<Problem, number>;
  readonly memoryGrowthBytes: number;
  /** Only when it was timed. */
  readonly chunking: ChunkingCost | undefined;
}

/** The first case that went wrong, with all that is needed to see it again. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
  readonly seed: number;
  readonly subject: FuzzCase;

  constructor(seed: number, subject: FuzzCase, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`seed ${seed}, case ${subject.number}: ${reason}`, { cause });
    this.seed = seed;
    this.subject = subject;
  }
}

export const wholeCodec: CodecUnderTest = { decode, encode, openStream: (options) => new PacketStream(options) };

const BATCH = 1000;
const MEMORY_GROWTH_ALLOWED = 4 * 1024 * 1024;

/** Throws a `FuzzFailure` for the first bad case, and an Error for memory or time that grows too much. */
export function runCampaign(options: CampaignOptions): CampaignReport {
  const {
    seed,
    cases,
    first = 0,
    codec = wholeCodec,
    batchMilliseconds = 60_000,
    isTimed = false,
    onProgress,
  } = options;
  const tally = new Tally(seed, codec, isTimed);
  // The first batches fill caches and have code compiled; what is in use after them should stay as it is.
  const warmUp = Math.min(cases, 10 * BATCH);
  let before = bytesInUse();
  for (let done = 0; done < cases;) {
    const count = Math.min(BATCH, cases - done);
    tally.run(first + done, count, batchMilliseconds);
    done += count;
    if (done === warmUp) before = bytesInUse();
    onProgress?.(done);
  }
  const memoryGrowthBytes = bytesInUse() - before;
  if (memoryGrowthBytes > MEMORY_GROWTH_ALLOWED) throw new Error(`Memory grew by ${memoryGrowthBytes} bytes.`);
  const chunking = isTimed ? measureChunking(codec.openStream) : undefined;
  if (chunking !== undefined && chunking.growth > CHUNKING_GROWTH_ALLOWED) {
    throw new Error(`A byte of 1 MiB in small chunks costs ${chunking.growth.toFixed(1)} times one of 64 KiB.`);
  }
  const { casesByKind, casesByProblem, packetsRead } = tally;
  return { cases, casesByKind, casesByProblem, packetsRead, memoryGrowthBytes, chunking };
}

/** Runs cases and counts what they showed. */
class Tally {
  readonly casesByKind = new Map<FuzzKind, number>();
  readonly casesByProblem = new Map<Problem, number>();
  packetsRead = 0;
  readonly #seed: number;
  readonly #codec: CodecUnderTest;
  readonly #isTimed: boolean;
  readonly #corpus: Corpus;
  #subject: FuzzCase;

  constructor(seed: number, codec: CodecUnderTest, isTimed: boolean) {
    this.#seed = seed;
    this.#codec = codec;
    this.#isTimed = isTimed;
    this.#corpus = new Corpus(seed);
    this.#subject = makeCase(seed, 0, this.#corpus);
  }

  run(first: number, count: number, milliseconds: number): void {
    try {
      interruptAfter(milliseconds, () => {
        for (let number = first; number < first + count; number += 1) this.#runCase(number);
      });
    } catch (error) {
      throw new FuzzFailure(this.#seed, this.#subject, error);
    }
  }

  #runCase(number: number): void {
    const subject = makeCase(this.#seed, number, this.#corpus);
    this.#subject = subject;
    const work = (): Outcome => examine(this.#codec, subject);
    const { packets, problem } = this.#isTimed ? examineSwiftly(subject.bytes.length, work) : work();
    this.packetsRead += packets.length;
    increment(this.casesByKind, subject.kind);
    if (problem !== undefined) increment(this.casesByProblem, problem);
  }
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
