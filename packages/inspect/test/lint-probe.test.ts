import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importCapture, Inspection, replay } from '../src/index.ts';

interface ProbeCase {
  readonly case: string;
  readonly clientPort: number;
  readonly expectAnyOf?: readonly string[];
}

const fixtures = join(import.meta.dirname, 'fixtures');
const cases = JSON.parse(readFileSync(join(fixtures, 'lint-probe.json'), 'utf8')) as readonly ProbeCase[];
const { events, problems } = importCapture(readFileSync(join(fixtures, 'lint-probe.pcap')));
const records = replay(events, new Inspection());

function idsAt(port: number): string[] {
  const ofCase = records.filter(({ connection }) => connection.includes(`:${port}-`));
  return ofCase.flatMap(({ findings }) => findings.flatMap(({ ids }) => ids));
}

test('the capture is read whole', () => {
  expect(problems).toEqual([]);
  expect(new Set(records.map(({ connection }) => connection)).size).toBe(cases.length);
});

test.each(cases.filter(({ expectAnyOf }) => expectAnyOf))('$case is found', ({ clientPort, expectAnyOf = [] }) => {
  expect(idsAt(clientPort).filter((id) => expectAnyOf.includes(id))).not.toEqual([]);
});

test.each(cases.filter(({ expectAnyOf }) => !expectAnyOf))('$case is free of findings', ({ clientPort }) => {
  expect(idsAt(clientPort)).toEqual([]);
});
