import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { startBroker } from '@omqtt/broker';
import { beforeEach, expect, test } from 'vitest';
import { exitCodeMeanings } from '../src/exit-codes.ts';
import { runCli } from '../src/index.ts';
import { OutputStream } from '../src/output/output-stream.ts';
import { harness } from './harness.ts';

const { omqtt, broker } = await harness({
  authenticate: ({ password }) => password === undefined || Buffer.from(password).toString() === 'right',
  authorize: ({ topic }) => !topic.startsWith('denied'),
});
beforeEach(() => broker.faults.clear());

/** What the process ended with, and the code in its JSON error. */
async function outcome(
  args: readonly string[],
): Promise<readonly [number | null, string | undefined, number | undefined]> {
  const { status, stderr } = await omqtt.run([...args, '--json']);
  const line = stderr.split('\n').find((text) => text.startsWith('{'));
  const { code, reasonCode } = (line === undefined ? {} : JSON.parse(line)) as { code?: string; reasonCode?: number };
  return [status, code, reasonCode];
}

const at = ['-L', broker.url];

test('0: the broker took the message', async () => {
  expect(await outcome(['pub', ...at, 'a', 'b', '-q', '1'])).toEqual([0, undefined, undefined]);
});

test('1: a fault of the program itself, with the place where it happened', async () => {
  const shown: string[] = [];
  const stdout = new PassThrough();
  stdout.write = (): boolean => {
    throw new RangeError('made up');
  };
  const stderr = new PassThrough().on('data', (chunk) => shown.push(String(chunk)));
  const io = {
    stdin: new PassThrough(),
    out: new OutputStream(stdout, () => undefined),
    err: new OutputStream(stderr, () => undefined),
    env: {},
    stop: new AbortController().signal,
    pid: 1,
    folder: '/',
  };
  expect(await runCli(['version'], io)).toBe(1);
  expect(shown.join('')).toContain('version.ts');
});

test('2: what was typed makes no sense', async () => {
  expect(await outcome(['pub', ...at, 'a', 'b', '-q', '3'])).toEqual([2, 'usage', undefined]);
});

test('3: nothing listens there', async () => {
  expect(await outcome(['pub', '-p', '1', 'a', 'b'])).toEqual([3, 'dial-failed', undefined]);
});

test('4: the certificate is not trusted', async () => {
  const certificates = join(import.meta.dirname, '../../transport-tcp/test/certificates');
  const [cert, key] = ['server.pem', 'server-key.pem'].map((name) => readFileSync(join(certificates, name), 'utf8'));
  const tls = { cert: cert ?? '', key: key ?? '' };
  await using secure = await startBroker({ listeners: [{ type: 'tls', tls }] });
  expect(await outcome(['pub', '-L', secure.url, 'a', 'b'])).toEqual([4, 'dial-failed', undefined]);
});

test('5: the broker refuses the connection', async () => {
  broker.refuse({ reasonCode: 0x88 });
  expect(await outcome(['pub', ...at, 'a', 'b'])).toEqual([5, 'connect-refused', 0x88]);
});

test('6: bad credentials', async () => {
  expect(await outcome(['sub', ...at, 'a', '-u', 'me', '-P', 'wrong'])).toEqual([6, 'connect-refused', 0x86]);
});

test('6: a publish that is denied [parity E50]', async () => {
  expect(await outcome(['pub', ...at, 'denied/a', 'b', '-q', '1'])).toEqual([6, 'publish-refused', 0x87]);
});

test('6: a filter that is denied', async () => {
  expect(await outcome(['sub', ...at, 'denied/a'])).toEqual([6, 'subscribe-refused', 0x87]);
});

test('7: a publish that is refused for another reason', async () => {
  broker.refuse({ packet: 'publish', reasonCode: 0x97 });
  expect(await outcome(['pub', ...at, 'a', 'b', '-q', '1'])).toEqual([7, 'publish-refused', 0x97]);
});

test('8: the broker ends the connection, and it is not to be tried again', async () => {
  const running = omqtt.start(['sub', ...at, 'a', '-i', 'sub-8', '--json', '--retry', '0']);
  await broker.publish({ topic: 'a', payload: 'there', retain: true });
  await running.shows('there');
  broker.disconnect('sub-8');
  const { status, stderr } = await running.finished;
  expect([status, stderr]).toEqual([8, expect.stringContaining('"reasonCode":152')]);
  await broker.publish({ topic: 'a', retain: true });
});

test('9: no message comes', async () => {
  expect(await outcome(['sub', ...at, 'silence', '-W', '50ms'])).toEqual([9, 'timed-out', undefined]);
});

test('9: no acknowledgement comes', async () => {
  broker.faults.drop('puback');
  expect(await outcome(['pub', ...at, 'a', 'b', '-q', '1', '-W', '100ms'])).toEqual([9, 'timed-out', undefined]);
});

test('10: what was expected does not come', async () => {
  const args = ['sub', ...at, 'silence', '-W', '50ms', '--expect', 'payload=on'];
  expect(await outcome(args)).toEqual([10, 'expectation', undefined]);
});

test('11: a payload that cannot be encoded', async () => {
  expect(await outcome(['pub', ...at, 'a', 'xyz', '--encode', 'hex'])).toEqual([11, 'payload', undefined]);
});

test('12: a file that is not there', async () => {
  expect(await outcome(['pub', ...at, 'a', '-f', '/nonexistent/payload'])).toEqual([12, 'local-file', undefined]);
});

test('130: Ctrl-C, after a clean goodbye', async () => {
  await broker.publish({ topic: 'b', payload: 'there', retain: true });
  const running = omqtt.start(['sub', ...at, 'b', '-i', 'sub-130', '--will-topic', 'gone']);
  await running.shows('there');
  running.child.kill('SIGINT');
  expect(await running.finished).toMatchObject({ status: 130, stderr: '' });
  await broker.publish({ topic: 'b', retain: true });
});

test('the codes are those of this file', () => {
  expect(Object.keys(exitCodeMeanings).map(Number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 130]);
});
