/**
 * Draws the phases of a connection into ARCHITECTURE.md, from the table that the session itself obeys. With `--check` it
 * writes nothing, and fails when the drawing there is not that of the table.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { legalMoves } from '../src/session/index.ts';

const page = join(import.meta.dirname, '../../../ARCHITECTURE.md');
const begin = '<!-- Drawn by packages/core/scripts/state-diagram.ts -->';
const end = '<!-- End of the drawing -->';

/** What this side does; the table knows only what the server sends. */
const ownMoves = [
  '[*] --> connecting: this side sends CONNECT',
  'verifying --> connected: this side finds the proof sound',
  'closing --> [*]: the connection is gone',
];

function drawing(): string {
  const moves = Object.entries(legalMoves).flatMap(([phase, packets]) => movesFrom(phase, packets));
  const lines = ['stateDiagram-v2', ...[...ownMoves, ...moves].map((move) => `  ${move}`)];
  return ['```mermaid', ...lines, '```'].join('\n');
}

/** One arrow for each phase that can follow, with all packets that lead there. */
function movesFrom(phase: string, packets: Readonly<Record<string, readonly string[]>>): string[] {
  const arrows = new Map<string, string[]>();
  for (const [type, targets] of Object.entries(packets)) {
    for (const target of targets) arrows.set(target, [...(arrows.get(target) ?? []), type.toUpperCase()]);
  }
  return [...arrows].map(([target, types]) => `${phase} --> ${phaseOf(target)}: ${types.join(', ')}`);
}

function phaseOf(target: string): string {
  return target === 'closed' ? 'closing' : target;
}

function withDrawing(text: string): string {
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${page} has no place for the drawing.`);
  return `${before}${begin}\n\n${drawing()}\n\n${end}${after}`;
}

const text = readFileSync(page, 'utf8');
const wanted = withDrawing(text);
if (!process.argv.includes('--check')) writeFileSync(page, wanted);
else if (text !== wanted) {
  console.error('ARCHITECTURE.md shows other moves than the session allows. Draw it anew:');
  console.error('node --conditions=@omqtt/source packages/core/scripts/state-diagram.ts');
  process.exitCode = 1;
}
