/** A client under load for a while: does memory rise, do handles or listeners grow, and is every message accounted for? */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startBreakingRelay } from '@omqtt/peers';
import { startBrokerProcess } from '../broker/contestants.ts';
import type { Measurement } from '../contest.ts';
import { cost, type Figure, type Report } from '../figures.ts';
import type { SoakEnd, SoakReport, SoakSample } from './protocol.ts';
import { trendOf, type Point } from './slope.ts';

/** At the beginning code is compiled and pools are filled. */
const SETTLED_AFTER = 0.25;
/** A rise that is smaller than what the numbers wander by anyway is none. */
const WANDERS = 2;

export interface SoakPlan {
  readonly seconds: number;
  readonly samples: number;
  /** Every connection breaks so often. */
  readonly breakEveryMs: number;
}

export interface Soaked {
  readonly samples: readonly SoakSample[];
  readonly end: SoakEnd;
}

export const soakMeasurement: Measurement = {
  summary: 'minutes of load on a client, ten unless --minutes says otherwise: memory, handles, listeners, nothing lost',
  async report({ minutes }) {
    return reportOn(await soak({ seconds: minutes * 60, samples: 60, breakEveryMs: 10_000 }));
  },
};

export async function soak({ seconds, samples, breakEveryMs }: SoakPlan): Promise<Soaked> {
  const broker = await startBrokerProcess('omqtt');
  const relay = await startBreakingRelay(broker.port);
  const breaking = setInterval(() => relay.breakAll(), breakEveryMs);
  try {
    const script = fileURLToPath(import.meta.resolve('./soak-process.ts'));
    const args = [relay.port, seconds, samples].map(String);
    const found: SoakSample[] = [];
    const child = fork(script, args, { execArgv: ['--expose-gc', '--conditions=@omqtt/source'] });
    const end = await new Promise<SoakEnd>((resolve, reject) => {
      const late = setTimeout(() => child.kill(), (seconds + 60) * 1000);
      child.on('message', (report: SoakReport) => {
        if (report.type === 'sample') found.push(report);
        else resolve(report);
      });
      child.on('exit', (code) => {
        clearTimeout(late);
        reject(new Error(`the process under load ended early, with ${code ?? 'a signal'}`));
      });
    });
    return { samples: found, end };
  } finally {
    clearInterval(breaking);
    await relay.close();
    await broker.stop();
  }
}

export interface Verdict {
  readonly isMemoryFlat: boolean;
  readonly areHandlesBounded: boolean;
  readonly areListenersBounded: boolean;
  readonly isAllAccountedFor: boolean;
}

export function judge({ samples, end }: Soaked): Verdict {
  const settled = samples.slice(Math.floor(samples.length * SETTLED_AFTER));
  const { rise, wander } = trendOf(settled.map(heapPoint));
  const half = Math.floor(settled.length / 2);
  const grows = (pick: (sample: SoakSample) => number): boolean =>
    Math.max(...settled.slice(half).map(pick)) > Math.max(...settled.slice(0, half).map(pick));
  return {
    isMemoryFlat: rise <= wander * WANDERS,
    areHandlesBounded: !grows(({ resources }) => resources),
    areListenersBounded: !grows(({ listeners }) => listeners),
    isAllAccountedFor: end.missing === 0 && end.twice === 0,
  };
}

function heapPoint({ second, heapBytes }: SoakSample): Point {
  return { second, value: heapBytes };
}

function reportOn(soaked: Soaked): Report {
  const { samples, end } = soaked;
  const settled = samples.slice(Math.floor(samples.length * SETTLED_AFTER));
  const { perMinute, rise, wander } = trendOf(settled.map(heapPoint));
  const verdict = judge(soaked);
  const lasting = samples.at(-1)?.second ?? 0;
  const text = [
    `${lasting.toFixed(0)} s: ${end.published} published, ${end.received} received, ${end.requests} requests ` +
      `(${end.unanswered} without an answer), ${end.connections} clients; ${end.missing} missing, ${end.twice} twice: ${met(verdict.isAllAccountedFor)}`,
    `heap, after a quarter of the time: ${mebibytes(settled[0]?.heapBytes)} to ${mebibytes(settled.at(-1)?.heapBytes)} MiB, ` +
      `${(perMinute / 1024).toFixed(1)} KiB a minute; rises by ${(rise / 1024).toFixed(0)} KiB, wanders by ${(wander / 1024).toFixed(0)}: ${met(verdict.isMemoryFlat)}`,
    `compiled code: ${mebibytes(settled[0]?.codeBytes)} to ${mebibytes(settled.at(-1)?.codeBytes)} MiB`,
    `resident memory: ${mebibytes(settled[0]?.residentBytes)} to ${mebibytes(settled.at(-1)?.residentBytes)} MiB`,
    `handles: at most ${most(settled, 'resources')}, not growing: ${met(verdict.areHandlesBounded)}`,
    `listeners: at most ${most(settled, 'listeners')}, not growing: ${met(verdict.areListenersBounded)}`,
  ];
  return { text: text.join('\n'), figures: figuresOf(samples, perMinute) };
}

function figuresOf(samples: readonly SoakSample[], perMinute: number): readonly Figure[] {
  return [
    cost('heap, a minute', perMinute, 'bytes'),
    ...samples.map(({ second, heapBytes }) => {
      return cost(`heap after ${Math.round(second)} s`, heapBytes / 1_048_576, 'MiB');
    }),
  ];
}

function most(samples: readonly SoakSample[], name: 'resources' | 'listeners'): number {
  return Math.max(...samples.map((sample) => sample[name]));
}

function mebibytes(bytes: number | undefined): string {
  return ((bytes ?? Number.NaN) / 1_048_576).toFixed(1);
}

function met(isMet: boolean): string {
  return isMet ? 'met' : 'MISSED';
}
