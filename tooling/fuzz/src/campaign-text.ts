/** What the fuzzer prints at its end. */
import { inspect } from 'node:util';
import { FuzzFailure, type CampaignReport } from './campaign.ts';
import type { ChunkingCost } from './chunking-cost.ts';

export function describeReport(report: CampaignReport): string {
  const { casesByKind, casesByProblem, packetsRead, memoryGrowthBytes, chunking } = report;
  return [
    ...[...casesByKind].map(([kind, count]) => `${padded(count)} ${kind}`),
    `${padded(packetsRead)} packets read, and encoded again`,
    `${casesByProblem.size} kinds of problems found:`,
    ...[...casesByProblem].toSorted(([, a], [, b]) => b - a).map(([problem, count]) => `${padded(count)} ${problem}`),
    `Memory grew by ${(memoryGrowthBytes / 1024).toFixed(0)} KiB.`,
    ...(chunking === undefined ? [] : [describeChunking(chunking)]),
  ].join('\n');
}

function describeChunking({ milliseconds, growth }: ChunkingCost): string {
  const cost = `1 MiB in chunks of one byte took ${milliseconds.toFixed(0)} ms`;
  return `${cost}, for each byte ${growth.toFixed(2)} times as long as 64 KiB.`;
}

/** Everything that it takes to see the failure again. */
export function describeFailure(error: unknown, seed: number): string {
  if (!(error instanceof FuzzFailure)) return `seed ${seed}: ${inspect(error)}`;
  const { number, kind, version, role, maximumPacketBytes, bytes, chunks } = error.subject;
  return [
    error.message,
    `  ${kind}, version ${version}, role ${role}, at most ${maximumPacketBytes} bytes`,
    `  bytes ${Buffer.from(bytes).toString('hex')}`,
    `  in chunks of ${chunks.map(({ length }) => length).join(' ')}`,
    `  again: npm run fuzz -- --seed ${error.seed} --case ${number}`,
    inspect(error.cause),
  ].join('\n');
}

function padded(count: number): string {
  return String(count).padStart(9);
}
