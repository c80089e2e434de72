import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changesSince, readResults, type Results } from '../src/baseline.ts';
import { cost, gain } from '../src/figures.ts';
import { UsageError } from '../src/options.ts';

const before: Results = {
  machine: 'one machine',
  rounds: 5,
  results: { publish: [cost('QoS 0 · omqtt', 1000, 'ns'), gain('QoS 0, MQTT.js by ours', 4, '×')] },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'omqtt-baseline-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  const path = join(folder, 'results.json');
  writeFileSync(path, text);
  return path;
}

describe('an earlier run', () => {
  test('is read back as it was written', () => {
    expect(readResults(written(JSON.stringify(before)))).toEqual(before);
  });

  test.each([
    ['{', 'cannot be read'],
    ['null', 'is not what --json writes'],
    ['{"machine":"m","results":{"publish":[{"name":"x"}]}}', 'is not what --json writes'],
    ['{"machine":"m","results":{"publish":{}}}', 'is not what --json writes'],
  ])('is refused when it says %s', (text, message) => {
    expect(() => readResults(written(text))).toThrow(UsageError);
    expect(() => readResults(written(text))).toThrow(message);
  });

  test('is refused when it is not there', () => {
    expect(() => readResults(join(folder, 'nowhere.json'))).toThrow(/nowhere\.json cannot be read: ENOENT/);
  });
});

function change(results: Results['results'], machine = 'one machine'): string {
  return changesSince(before, { machine, rounds: 5, results });
}

describe('what has changed', () => {
  test('is better when a cost falls or a gain rises, and worse the other way round', () => {
    const now = change({ publish: [cost('QoS 0 · omqtt', 800, 'ns'), gain('QoS 0, MQTT.js by ours', 3, '×')] });
    expect(now).toMatch(/QoS 0 · omqtt +1000 +800 +ns +-20 % better/);
    expect(now).toMatch(/MQTT\.js by ours +4 +3 +× +-25 % worse/);
    expect(now).not.toContain('another machine');
  });

  test('leaves out what the earlier run does not have, and says when nothing is left', () => {
    expect(change({ publish: [cost('QoS 0 · omqtt', 1000, 'ns'), cost('QoS 1 · omqtt', 1, 'ns')] })).not.toContain(
      'QoS 1',
    );
    expect(change({ codec: [cost('QoS 0 · omqtt', 1, 'ns')] })).toBe(
      'Nothing of this was measured in the earlier run.',
    );
  });

  test('says when the machines differ', () => {
    expect(change({ publish: [cost('QoS 0 · omqtt', 1000, 'ns')] }, 'another')).toContain(
      'on another machine: one machine',
    );
  });
});
