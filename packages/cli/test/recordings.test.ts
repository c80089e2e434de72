import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'omqtt';
import { afterAll, expect, test } from 'vitest';
import { harness } from './harness.ts';

const { omqtt, broker } = await harness({ authorize: ({ topic }) => !topic.startsWith('denied') });
const folder = mkdtempSync(join(tmpdir(), 'omqtt-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = ['-L', broker.url];

function fileOf(name: string, ...records: readonly object[]): string {
  const path = join(folder, name);
  writeFileSync(path, records.map((record) => `${JSON.stringify({ v: 1, ...record })}\r\n`).join(''));
  return path;
}

test('a record whose decoded payload has a type of its own is replayed, and packets of the inspector are not', async () => {
  const path = fileOf(
    'typed.ndjson',
    { topic: 'typed/1', payload: '{"type":"x"}', decoded: { as: 'json', value: { type: 'x' } } },
    { type: 'subscribe', size: 4 },
    { type: 'publish', topic: 'typed/2', payload: '' },
  );
  const { status, stdout } = await omqtt.run(['replay', path, '--dry-run']);
  expect([status, stdout]).toEqual([0, 'typed/1 q0 12 bytes\ntyped/2 q0 0 bytes\n']);
});

test.each([
  [{ topic: 'a', t: 'yesterday' }, /line 2 .*`t` is no time/],
  [{ topic: 'a', props: { pfi: 7 } }, /line 2 .*`props.pfi` is no whole number up to 1/],
  [{ topic: 'a', props: { expiry: 2 ** 32 } }, /line 2 .*`props.expiry` is no whole number up to 4294967295/],
])('a record with a value that cannot be is told with its line: %j', async (record, told) => {
  const path = fileOf('wrong.ndjson', { topic: 'a' }, record);
  const { status, stderr } = await omqtt.run(['replay', path, '--dry-run']);
  expect([status, stderr]).toEqual([11, expect.stringMatching(told)]);
});

test('standard input is not played twice in silence', async () => {
  const { status, stderr } = await omqtt.run(['replay', '-', '--loop', '2', ...at], { input: '{"topic":"a"}\n' });
  expect([status, stderr]).toEqual([2, expect.stringContaining('--loop needs a file')]);
});

test('a recording with fewer messages than wanted ends with 9, as sub does, and keeps what came', async () => {
  await broker.publish({ topic: 'few/1', payload: 'x', retain: true });
  const path = join(folder, 'few.ndjson');
  const { status, stderr } = await omqtt.run(['record', path, 'few/#', '-C', '2', '-W', '300ms', ...at]);
  expect([status, stderr]).toEqual([9, '1 messages recorded\nomqtt: 1 of 2 messages came in time\n']);
  expect(existsSync(path)).toBe(true);
});

test.each(['refused.ndjson', 'refused.omq'])('a refused subscription leaves no %s in the way', async (name) => {
  const path = join(folder, name);
  expect(await omqtt.run(['record', path, 'denied/#', ...at])).toMatchObject({ status: 6 });
  expect(existsSync(path)).toBe(false);
});

test('what is there already is told with what to do', async () => {
  const path = fileOf('there.ndjson', { topic: 'a' });
  const { status, stderr } = await omqtt.run(['record', path, 'a', ...at]);
  expect([status, stderr]).toEqual([12, expect.stringMatching(/there already.*take another name, or remove it/)]);
});

test.each([
  ['pub', 'denied/a', 'x', '-q', '1', '--every', '1h', '--count', '2'],
  ['pub', 'denied/a', '-l', '-q', '1'],
  ['replay', join(folder, 'pause.ndjson')],
])('a refusal is told at once, and not after the pause that follows: %s', async (...args) => {
  const [first, second] = ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z'];
  fileOf('pause.ndjson', { topic: 'denied/a', qos: 1, t: first }, { topic: 'a', qos: 1, t: second });
  const running = omqtt.start([...args, ...at]);
  // Its input stays open.
  running.child.stdin.write('line\n');
  expect(await running.finished).toMatchObject({ status: 6 });
});

test('retained messages are listed although others pass by all the time', async () => {
  await broker.publish({ topic: 'busy/kept', payload: 'x', retain: true });
  await using client = await connect(broker.url);
  const timer = setInterval(() => void client.publish('busy/live', 'x'), 20);
  try {
    const listed = await omqtt.run(['retained', 'ls', 'busy/#', '--settle', '200ms', ...at]);
    expect(listed).toMatchObject({ status: 0, stdout: 'busy/kept\n' });
  } finally {
    clearInterval(timer);
  }
});

test.each([
  [['--json=true'], {}],
  [[], { OMQTT_JSON: 'yes' }],
])('errors are JSON however JSON was asked for: %j %j', async (args, env) => {
  const { status, stderr } = await omqtt.run(['pub', 'a', 'b', '-p', '1', ...args], { env });
  expect([status, JSON.parse(stderr)]).toMatchObject([3, { v: 1, exit: 3, code: 'dial-failed' }]);
});

test('errors are text when --json is a payload', async () => {
  const { status, stderr } = await omqtt.run(['pub', 'a', '-m', '--json', '-p', '1']);
  expect([status, stderr]).toEqual([3, expect.stringMatching(/^omqtt: could not connect/)]);
});
