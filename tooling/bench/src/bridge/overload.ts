/** More than the bridge can do: what it still gets done, as a part of what it gets done at its best. */
import { load, type Statuses, times } from './http-load.ts';
import { cpuOf } from './publish-cost.ts';
import type { ServerProcess } from './servers.ts';

const PEAK_CONNECTIONS = 64;
/** So many may wait for an answer at once. */
const OVERLOAD_CONNECTIONS = 512;
const TICK_MS = 5;
const body = Buffer.from(JSON.stringify({ topic: 'bench/a/b', payload: 'x'.repeat(64) }));
const target = { path: '/v1/publish', body } as const;

export interface Overload {
  /** Accepted a second by the clock, at its best and with twice as many requests as that. */
  readonly peak: number;
  readonly goodput: number;
  /** What was accepted for a second of CPU of the bridge, as a part of what was at its best. */
  readonly shareByCpu: number;
  readonly refused: number;
}

export async function overload(server: ServerProcess, requests: number): Promise<Overload> {
  const { port } = server;
  const startedAt = performance.now();
  const peakCpu = await cpuOf(server, async () => {
    await load({ ...target, port, connections: PEAK_CONNECTIONS, next: times(requests) });
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const peak = requests / seconds;
  const pace = new Pace(2 * peak, Math.max(1, seconds) * 1000);
  let statuses: Statuses = new Map();
  const overloadCpu = await cpuOf(server, async () => {
    statuses = await load({ ...target, port, connections: OVERLOAD_CONNECTIONS, next: () => pace.next() });
  });
  pace.stop();
  const accepted = statuses.get(200) ?? 0;
  const all = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  return {
    peak,
    goodput: accepted / pace.elapsedSeconds,
    shareByCpu: accepted / overloadCpu / (requests / peakCpu),
    refused: all - accepted,
  };
}

/** Requests at a rate, for a while, as long as there are connections to send them on. */
class Pace {
  readonly #perMs: number;
  readonly #durationMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #waiting: ((mayGo: boolean) => void)[] = [];
  #startedAt = 0;
  #lastAt = 0;
  #granted = 0;

  constructor(perSecond: number, durationMs: number) {
    this.#perMs = perSecond / 1000;
    this.#durationMs = durationMs;
    this.#timer = setInterval(() => this.#grant(), TICK_MS);
  }

  /** From the first request to the last answer. */
  get elapsedSeconds(): number {
    return (this.#lastAt - this.#startedAt) / 1000;
  }

  next(): Promise<boolean> {
    const now = performance.now();
    if (this.#startedAt === 0) this.#startedAt = now;
    this.#lastAt = now;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #grant(): void {
    if (this.#startedAt === 0) return;
    const elapsedMs = performance.now() - this.#startedAt;
    const isOver = elapsedMs >= this.#durationMs;
    const due = isOver ? 0 : Math.floor(elapsedMs * this.#perMs) - this.#granted;
    const granted = this.#waiting.splice(0, due);
    this.#granted += granted.length;
    for (const resolve of granted) resolve(true);
    if (!isOver) return;
    for (const resolve of this.#waiting.splice(0)) resolve(false);
  }
}
