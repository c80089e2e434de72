import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeFrame } from '../../src/decode/decode-frame.ts';
import { fieldStatements } from '../../src/index.ts';
import { bytesOfHex } from '../conversation.ts';

const packageFolder = join(import.meta.dirname, '../..');

test('LINT.md is that of the rules, which watch at least 150 statements', () => {
  const args = ['--conditions=@omqtt/source', 'scripts/lint-report.ts', '--check'];
  execFileSync(process.execPath, args, { cwd: packageFolder, stdio: 'pipe' });
  const [, count] = /rules watch (\d+) of 251/.exec(readFileSync(join(packageFolder, 'LINT.md'), 'utf8')) ?? [];
  expect(Number(count)).toBeGreaterThanOrEqual(150);
});

/** Each text field of MQTT 5.0 with bytes that are no UTF-8, or with U+0000. */
const brokenTexts = [
  '100e00044d5154540502003c000001ff',
  '101400044d5154540506003c00000163000001ff0000',
  '101100044d5154540582003c000001630001ff',
  '30040001ff00',
  '300800016104080001ff',
  '300800016104030001ff',
  '82070001000001ff00',
  'a20600010000 01ff',
  '300b000161072600016b0001ff',
  '300400010000',
];

test('each statement about a text field is cited when that field is broken', () => {
  const cited = brokenTexts.flatMap((hex) => {
    const bytes = bytesOfHex(hex);
    const { findings } = decodeFrame(bytes, { version: '5.0', direction: 'c2s', isOld: false, size: bytes.length });
    return findings.flatMap(({ ids }) => ids);
  });
  expect(fieldStatements.filter((id) => !cited.includes(id))).toEqual([]);
});
