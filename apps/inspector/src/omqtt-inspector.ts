#!/usr/bin/env node
/** The command `omqtt-inspector`. */
import { helpText, parseCommandLine } from './command/command-options.ts';
import { InspectorError } from './inspector-errors.ts';
import { startInspector, type Inspector } from './start-inspector.ts';

const WRONG_USAGE = 2;
const ASSERTION_FAILED = 10;
const INSPECTION_FAILED = 70;

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InspectorError)) throw error;
  process.stderr.write(`omqtt-inspector: ${error.message}\n`);
  process.exitCode = error.code === 'invalid-option' ? WRONG_USAGE : INSPECTION_FAILED;
}

async function main(args: readonly string[]): Promise<void> {
  const { isHelp, inspector: options, exitAfterMs } = parseCommandLine(args);
  if (isHelp) {
    process.stdout.write(`${helpText}\n`);
    return;
  }
  // The thread that prints must not block in a write. To make the stream of a socket is what makes it non-blocking.
  if (options.print) process.stdout.on('error', () => {});
  const inspector = await startInspector(options);
  // Standard output is for packets.
  for (const [index, url] of inspector.listeners.entries()) {
    process.stderr.write(`${url} -> ${options.routes?.[index]?.upstream ?? ''}\n`);
  }
  if (inspector.url !== undefined) process.stderr.write(`Open ${inspector.url}\n`);
  await untilTheEnd(exitAfterMs);
  process.exitCode = await conclude(inspector);
}

/** Ctrl-C, or the time that was given. */
function untilTheEnd(exitAfterMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    if (exitAfterMs !== undefined) setTimeout(resolve, exitAfterMs);
  });
}

async function conclude(inspector: Inspector): Promise<number> {
  const summary = await inspector.close();
  if (!summary) return INSPECTION_FAILED;
  const { verdicts, dropped, skippedBytes, saveProblem } = summary;
  if (dropped > 0 || skippedBytes > 0) {
    process.stderr.write(`${dropped} packets were dropped, ${skippedBytes} bytes were not decoded\n`);
  }
  for (const { holds, assertion, reason } of verdicts) {
    process.stderr.write(`${holds ? 'ok' : 'FAILED'} ${assertion}: ${reason}\n`);
  }
  if (saveProblem !== undefined) return INSPECTION_FAILED;
  return verdicts.every(({ holds }) => holds) ? 0 : ASSERTION_FAILED;
}
