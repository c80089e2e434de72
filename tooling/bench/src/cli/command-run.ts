/** One `omqtt bench pub` as users start it, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** What the command says about itself. */
export interface CommandReport {
  readonly sent: number;
  readonly loss: number;
  readonly errors: number;
  readonly rate: number;
  readonly cpuNanoseconds: number;
  readonly latency: Percentiles;
}

/** What the library's own process is given; the command is given the same as options. */
export interface LibraryLoad {
  readonly window: number;
  readonly payloadBytes: number;
  readonly warmupMs: number;
  readonly durationMs: number;
  readonly clientId: string;
}

export type LibraryReport = Pick<CommandReport, 'sent' | 'rate' | 'cpuNanoseconds'>;

/** Milliseconds. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

export interface Tapped {
  readonly report: CommandReport;
  /** By one who calls the client. */
  readonly calls: Percentiles;
  /** By one who sees its packets. */
  readonly packets: Percentiles;
}

const program = fileURLToPath(new URL('bin.ts', import.meta.resolve('@omqtt/cli')));
const library = fileURLToPath(import.meta.resolve('./library-process.ts'));
const tap = import.meta.resolve('./latency-tap.ts');
const condition = '--conditions=@omqtt/source';
const PATIENCE_MS = 60_000;

/** Throws when the command fails. */
export async function runBenchPub(args: readonly string[]): Promise<CommandReport> {
  return (await runCommand([], args))[0] as CommandReport;
}

export async function runLibrary(url: string, load: LibraryLoad): Promise<LibraryReport> {
  return (await run([library, url, JSON.stringify(load)]))[0] as LibraryReport;
}

/** The same, and the times of the same messages that somebody else took. */
export async function runTapped(args: readonly string[]): Promise<Tapped> {
  const [report, seen] = await runCommand(['--import', tap], args);
  return { report: report as CommandReport, ...(seen as Omit<Tapped, 'report'>) };
}

function runCommand(nodeArgs: readonly string[], args: readonly string[]): Promise<readonly unknown[]> {
  return run([...nodeArgs, program, 'bench', 'pub', '--qos', '1', '--report', 'json', '--quiet', ...args]);
}

async function run(args: readonly string[]): Promise<readonly unknown[]> {
  const child = spawn(process.execPath, [condition, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    timeout: PATIENCE_MS,
  });
  const outputs = [child.stdio[1], child.stdio[3]].map((stream) => textOf(stream as Readable));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status ?? 'a signal'}`);
  const texts = await Promise.all(outputs);
  return texts.map((text) => (text === '' ? undefined : JSON.parse(text)) as unknown);
}

async function textOf(stream: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
