import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { connect, createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePeer } from '@omqtt/peers';
import { importCapture } from '@omqtt/inspect';
import { startBroker, type Broker } from '@omqtt/broker';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { patiently } from '../patiently.ts';

const program = join(import.meta.dirname, '../../src/omqtt-inspector.ts');
const [publisher, subscriber] = [requirePeer('mosquitto_pub'), requirePeer('mosquitto_sub')];

const toNowhere = ['--listen', 'mqtt://127.0.0.1:0', '--upstream', 'mqtt://127.0.0.1:1', '--ui', 'off'];

interface Run {
  /** With its exit code. */
  readonly exited: Promise<number>;
  readonly port: string;
  stdout(): string;
  stderr(): string;
  /** Ends it as Ctrl-C does; resolves with the exit code. */
  end(): Promise<number>;
  /** Reads no more of what it prints. */
  holdOutput(): void;
}

/** Whatever becomes of the test, its processes end with it. */
function start(command: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(command, args);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** `under`: what starts it. */
async function run(args: readonly string[], under: readonly string[] = []): Promise<Run> {
  const [command = '', ...rest] = [...under, process.execPath, '--conditions=@omqtt/source', program, ...args];
  const child = start(command, rest);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const exited = once(child, 'exit').then(([code]) => code as number);
  await expect.poll(() => /mqtt:\/\/127\.0\.0\.1:(\d+) ->/.exec(stderr), patiently).not.toBeNull();
  const port = /mqtt:\/\/127\.0\.0\.1:(\d+) ->/.exec(stderr)?.[1] ?? '';
  const end = (): Promise<number> => {
    child.kill('SIGINT');
    return exited;
  };
  return { exited, port, stdout: () => stdout, stderr: () => stderr, end, holdOutput: () => child.stdout.pause() };
}

async function publish(port: string, ...more: string[]): Promise<void> {
  const list = ['-p', port, '-t', 'a/b', '-m', 'hi', '-q', '1', '-V', '5', '-i', 'pub-1', ...more];
  const child = start(publisher.path, list);
  await once(child, 'exit');
  expect(child.exitCode).toBe(0);
}

describe.skipIf(publisher.isMissing || subscriber.isMissing)('between mosquitto_pub and a broker', () => {
  let broker: Broker;
  let args: readonly string[];
  beforeAll(async () => {
    broker = await startBroker();
    args = ['--listen', 'mqtt://127.0.0.1:0', '--upstream', broker.url, '--ui', 'off'];
  });
  afterAll(() => broker.close());

  test('packets are printed as lines: decoded, paired, timed, with passwords masked', async () => {
    const inspector = await run([...args, '--print']);
    const wanted = ['-t', 'a/#', '-C', '1', '-W', '10'];
    const sub = start(subscriber.path, ['-p', inspector.port, ...wanted, '-i', 'sub-1', '-V', '5']);
    await expect.poll(() => inspector.stdout(), patiently).toContain('SUBACK');
    await publish(inspector.port, '-u', 'me', '-P', 'swordfish');
    if (sub.exitCode === null) await once(sub, 'exit');
    await expect.poll(() => inspector.stdout(), patiently).toMatch(/sub-1 -> DISCONNECT/);
    expect(await inspector.end()).toBe(0);
    const printed = inspector.stdout();
    expect(printed).toMatch(/^[\d:.]{12} pub-1 -> CONNECT v5\.0 "pub-1" clean keep-alive 60s user "me" \(redacted\)$/m);
    expect(printed).toMatch(/^[\d:.]{12} pub-1 -> PUBLISH q1 #1 a\/b 2B "hi"$/m);
    expect(printed).toMatch(/^[\d:.]{12} pub-1 <- PUBACK #1 ok [\d.]+ms$/m);
    expect(printed).toMatch(/^[\d:.]{12} sub-1 <- PUBLISH q0 a\/b 2B "hi"$/m);
    expect(printed).not.toContain('swordfish');
  });

  test('assertions that hold end with 0, one that does not with 10, and each is explained', async () => {
    const good = ['never(has:lint)', 'count(type:publish dir:c2s) = 1', 'within(type:publish -> type:puback, 2s)'];
    const holding = await run([...args, ...good.flatMap((each) => ['--assert', each])]);
    const failing = await run([...args, '--assert', good[0] ?? '', '--assert', 'count(type:publish) > 1']);
    await publish(holding.port);
    await publish(failing.port);
    expect(await holding.end()).toBe(0);
    expect(holding.stderr()).toContain('ok count(type:publish dir:c2s) = 1: 1 packets match');
    expect(await failing.end()).toBe(10);
    expect(failing.stderr()).toContain('FAILED count(type:publish) > 1: 1 packets match');
  });

  test('clients that are connected, and stay silent, do not keep it from ending', async () => {
    const inspector = await run([...args, '--print']);
    start(subscriber.path, ['-p', inspector.port, '-t', 'a/#', '-i', 'sub-1']);
    const silent = connect(Number(inspector.port), '127.0.0.1').on('error', () => {});
    onTestFinished(() => void silent.destroy());
    await expect.poll(() => inspector.stdout(), patiently).toContain('SUBACK');
    expect(await inspector.end()).toBe(0);
  });

  test('--save writes a file that can be read again, --filter chooses, --exit-after ends', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'omqtt-inspector-')), 'capture.omq');
    const more = ['--save', file, '--filter', 'type:publish', '--print=json', '--exit-after', '3s'];
    const inspector = await run([...args, ...more]);
    await publish(inspector.port);
    expect(await inspector.exited).toBe(0);
    const { events, problems } = importCapture(readFileSync(file));
    expect(problems).toEqual([]);
    expect(events.filter(({ type }) => type === 'packet')).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'close')).toEqual([expect.objectContaining({ by: 'client' })]);
    expect(JSON.parse(inspector.stdout())).toMatchObject({ type: 'publish', topic: 'a/b', payload: 'hi', v: 1 });
  });
});

/** Takes whatever comes and says nothing. */
async function sink(): Promise<string> {
  const server = createServer((socket) => void socket.on('error', () => socket.destroy()).resume());
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('while nobody reads what it prints, it ends all the same, and what has to hold is judged', async () => {
  const upstream = await sink();
  const args = ['--listen', 'mqtt://127.0.0.1:0', '--upstream', upstream, '--ui', 'off', '--print=tree'];
  const inspector = await run([...args, '--assert', 'count(type:publish) = 5000']);
  inspector.holdOutput();
  const client = createConnection(Number(inspector.port), '127.0.0.1').on('error', () => {});
  onTestFinished(() => void client.destroy());
  const message = Uint8Array.of(0x30, 4, 0, 1, 0x61, 0x78);
  // Far more text than the system holds between two processes.
  client.end(Buffer.concat(Array(5000).fill(message)));
  await once(client.resume(), 'close');
  expect(await inspector.end()).toBe(0);
});

test('a file that could not be written to its end is told of, and ends with 70, also when nothing is printed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-inspector-'));
  const script = `ulimit -f 1; exec "$0" "$@"`;
  const upstream = await sink();
  const args = [
    '--listen',
    'mqtt://127.0.0.1:0',
    '--upstream',
    upstream,
    '--ui',
    'off',
    '--save',
    join(folder, 'x.omq'),
  ];
  const inspector = await run(args, ['sh', '-c', script]);
  const client = createConnection(Number(inspector.port), '127.0.0.1').on('error', () => {});
  onTestFinished(() => void client.destroy());
  // More than the half or whole kibibyte that the shell allows.
  client.end(Buffer.concat(Array(500).fill(Uint8Array.of(0x30, 4, 0, 1, 0x61, 0x78))));
  await once(client.resume(), 'close');
  expect(await inspector.end()).toBe(70);
  expect(inspector.stderr()).toContain('Nothing is saved any more: EFBIG');
});

test.each([
  ['--nonsense', ['--nonsense']],
  ['--save: ENOENT', [...toNowhere, '--save', '/nowhere/x.omq']],
  ['--save: It takes .omq or .ndjson', [...toNowhere, '--save', 'x.pcapng']],
])('what cannot be meant ends with 2: %s', async (says, args) => {
  const child = start(process.execPath, ['--conditions=@omqtt/source', program, ...args]);
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  await once(child, 'close');
  expect(stderr).toContain(says);
  expect(child.exitCode).toBe(2);
});
