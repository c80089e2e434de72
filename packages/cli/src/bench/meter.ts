/** What is measured from the end of the warm-up to the end: how many, how fast, how late. */
import { Histogram, type LatencySummary } from '../measure/histogram.ts';

export class Meter {
  #latency = new Histogram();
  #count = 0;
  #bytes = 0;
  #startedAt = performance.now();
  #cpu = process.cpuUsage();
  #endedAt: number | undefined;
  #errors = 0;

  /** What was before does not count. */
  begin(): void {
    this.#latency = new Histogram();
    this.#count = 0;
    this.#bytes = 0;
    this.#startedAt = performance.now();
    this.#cpu = process.cpuUsage();
  }

  end(): void {
    if (this.#endedAt !== undefined) return;
    this.#endedAt = performance.now();
    this.#cpu = process.cpuUsage(this.#cpu);
  }

  add(bytes: number, latencyMs?: number, count = 1): void {
    if (this.#endedAt !== undefined) return;
    this.#count += count;
    this.#bytes += bytes * count;
    if (latencyMs !== undefined) this.#latency.add(latencyMs, count);
  }

  fail(): void {
    this.#errors += 1;
  }

  get count(): number {
    return this.#count;
  }

  get errors(): number {
    return this.#errors;
  }

  get seconds(): number {
    return ((this.#endedAt ?? performance.now()) - this.#startedAt) / 1000;
  }

  get perSecond(): number {
    return this.#count / Math.max(this.seconds, 1e-6);
  }

  /** Of this process, user and system, all threads; after the end. */
  get cpuNanoseconds(): number {
    return ((this.#cpu.user + this.#cpu.system) * 1000) / Math.max(this.#count, 1);
  }

  get bytesPerSecond(): number {
    return this.#bytes / Math.max(this.seconds, 1e-6);
  }

  /** Nothing when no times were taken. */
  get latency(): LatencySummary | undefined {
    return this.#latency.count === 0 ? undefined : this.#latency.summary();
  }
}
