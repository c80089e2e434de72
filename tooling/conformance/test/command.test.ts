import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { readExceptions } from '../src/exceptions.ts';
import { indexStatements, readStatements } from '../src/statement-lists.ts';
import { isCodecKind } from '../src/statement.ts';
import { runIn } from './workspace-fixture.ts';

const codecTest = 'packages/codec/test/text.test.ts';

/** A test file that names every statement whose primary check belongs to the codec. */
function everyCodecTest(except?: string): string {
  return readStatements()
    .filter(({ check }) => isCodecKind(check))
    .map(({ version, id }) => `${version} ${id}`)
    .filter((name) => name !== except)
    .map((name) => `test('[${name}] a title', () => {});`)
    .join('\n');
}

const excepted = readExceptions(indexStatements(readStatements())).length;

describe('problems', () => {
  test('a repository without tests has none', () => {
    const { code, printed } = runIn({});
    expect(code).toBe(0);
    expect(printed).toContain('5.0    codec-decode      0 covered  23 open');
    expect(printed).toContain(`Exceptions: ${excepted || 'none'}`);
  });

  test.each([
    ["test('[5.0 MQTT-2.2.1-1] a', f);", 'MQTT 5.0 has no statement MQTT-2.2.1-1.'],
    ["test('[5.0 MQTT-4.2.0-1] a', f);", 'it is listed as MQTT-4.2-1.'],
    ["test('[3.1.1 MQTT-1.5.4-1] a', f);", 'MQTT 5.0 has one.'],
    ["test('[MQTT-1.5.4-1] a', f);", 'names no version'],
    ["describe('[5.0 MQTT-1.5.4-1,MQTT-1.5.4-2] a', f);", 'malformed'],
    ['test.each(rows)(`[5.0 ${id}] a`, f);', 'computed'],
    ["test('[5.0 ' + id + '] a', f);", 'no end'],
    ["test.skip('[5.0 MQTT-9.9.9-9] a', f);", 'MQTT 5.0 has no statement MQTT-9.9.9-9.'],
    ["test('a", "the file's ids are not known"],
  ])('%s fails with its place', (line, problem) => {
    const { code, printed } = runIn({ [codecTest]: `\n${line}\n` });
    expect(code).toBe(1);
    expect(printed).toMatch(/Problems: 1\n {2}packages\/codec\/test\/text\.test\.ts:2 /);
    expect(printed).toContain(problem);
  });

  test('nothing is read but the titles in test files below a test folder', () => {
    const wrong = "test('[5.0 MQTT-9.9.9-9] a', f);";
    const { code } = runIn({
      [codecTest]: `// ${wrong}\n/* ${wrong} */\nconst text = \`${wrong}\`;`,
      'packages/codec/src/text.test.ts': wrong,
      'packages/codec/test/text.ts': wrong,
      'packages/codec/test/node_modules/a/text.test.ts': wrong,
      'other/codec/test/text.test.ts': wrong,
    });
    expect(code).toBe(0);
  });

  test.each(['apps/bridge/test/a.test.ts', 'tooling/fuzz/test/deep/a.test.ts', 'packages/codec/test/a.test.ts'])(
    '%s is read',
    (path) => {
      expect(runIn({ [path]: "test('[5.0 MQTT-9.9.9-9] a', f);" }).code).toBe(1);
    },
  );
});

describe('--require codec', () => {
  test('is met when every primary statement of the codec is named', () => {
    const { code, printed } = runIn({ [codecTest]: everyCodecTest() }, '--require', 'codec');
    expect(code).toBe(0);
    expect(printed).toContain('Required: codec (5.0: 101 of 101, 3.1.1: 54 of 54) is met');
    expect(printed).toContain('Shared with codec, primary check elsewhere, not required (5.0: 0 of 4, 3.1.1: 0 of 2)');
  });

  test('fails when one is open, and says what it asks and how to test it', () => {
    const name = '3.1.1 MQTT-1.5.3-3';
    const { code, printed } = runIn({ [codecTest]: everyCodecTest(name) }, '--require', 'codec');
    expect(code).toBe(1);
    expect(printed).toContain('is NOT met: 1 open');
    expect(printed).toContain(`${name}  codec-decode · binds both · obligation`);
    expect(printed).toContain('EF BB BF is U+FEFF and is kept.');
    expect(printed).toContain('test: Topic EF BB BF 61');
  });

  test('is not met by the tests of the broker, or by tests that are skipped', () => {
    const all = everyCodecTest();
    expect(runIn({ 'packages/broker/test/a.test.ts': all }, '--require', 'codec').code).toBe(1);
    expect(runIn({ [codecTest]: `describe.skip('a', () => {${all}});` }, '--require', 'codec').code).toBe(1);
  });

  test('asks for everything even when less is shown', () => {
    expect(runIn({}, '--require', 'codec', '--version', '3.1.1', '--kind', 'session').code).toBe(1);
  });
});

describe('output', () => {
  const files = {
    [codecTest]: "test.each(rows)('[5.0 MQTT-1.5.4-1] [3.1.1 MQTT-1.5.3-1] a title', f);",
    'packages/broker/test/text.test.ts': "test('[5.0 MQTT-1.5.4-2] another title', f);",
  };

  test('--list covered shows the tests', () => {
    const { printed } = runIn(files, '--list', 'covered', '--version', '5.0');
    expect(printed).toContain(`by: ${codecTest}:1 [5.0 `);
    expect(printed).not.toContain('another title');
    expect(printed).not.toMatch(/^ *3\.1\.1 /m);
  });

  test('--list open --kind shows the ideas for tests of this kind', () => {
    const { printed } = runIn(files, '--list', 'open', '--kind', 'transport');
    expect(printed.match(/^ {4}test: /gm)).toHaveLength(16);
  });

  test('--side server lists what the broker tests', () => {
    const { printed } = runIn(files, '--list', 'covered', '--side', 'server');
    expect(printed.match(/^ {4}by: .*$/gm)).toEqual([expect.stringContaining('packages/broker/test/text.test.ts:1')]);
  });

  test('--json has every row of both sides, and the problems', () => {
    const { code, printed } = runIn({ ...files, 'apps/a/test/b.test.ts': "it('[5.0 x] a')" }, '--json');
    const report: unknown = JSON.parse(printed);
    expect(code).toBe(1);
    expect(report).toHaveProperty('problems', [expect.stringContaining('apps/a/test/b.test.ts:1')]);
    expect(report).toHaveProperty('statements.length', 215 + 118 + 202 + 106);
    expect(report).toHaveProperty('statements[0].state', 'covered');
    expect(report).toHaveProperty('statements[0].tests[0].file', codecTest);
  });

  test('--markdown writes a table from statement to files', () => {
    const { root } = runIn(files, '--markdown', 'matrix.md');
    const lines = readFileSync(join(root, 'matrix.md'), 'utf8').split('\n');
    expect(lines).toContain('## MQTT 5.0, client library');
    expect(lines).toContain('1 of 215 statements are covered by a test.');
    expect(lines.filter((line) => line.endsWith(`| \`${codecTest}\` |`))).toHaveLength(2);
    expect(lines.filter((line) => line.endsWith('| open |'))).toHaveLength(214 + 117 + 201 + 106 - excepted);
  });

  test('--help explains itself', () => {
    const { code, printed } = runIn({}, '--help');
    expect(code).toBe(0);
    expect(printed).toContain('--require LAYER');
  });

  test.each([['--lst'], ['--list', 'all'], ['--version', '4'], ['--kind', 'codec'], ['--require', 'broker'], ['open']])(
    'a wrong option is told apart from a failure: %s %s',
    (...args) => {
      const { code, printed, complained } = runIn({}, ...args);
      expect(code).toBe(2);
      expect(printed).toBe('');
      expect(complained).toContain('--help');
    },
  );
});
