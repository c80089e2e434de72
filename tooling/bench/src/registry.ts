/** The benchmarks by the name that `pnpm bench NAME` takes. */
import { codecBenchmark } from './codec/benchmark.ts';
import type { Benchmark } from './contest.ts';

export const benchmarks: Readonly<Record<string, Benchmark>> = {
  codec: codecBenchmark,
};
