import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'omqtt';
import { afterAll, expect, test } from 'vitest';
import { harness } from './harness.ts';
import type { Finished } from './run-omqtt.ts';

const { omqtt, broker } = await harness({
  authenticate: ({ username, password }) =>
    username === undefined || Buffer.from(password ?? []).toString() === 'geheim',
});
const folder = mkdtempSync(join(tmpdir(), 'omqtt-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = ['-L', broker.url];

function retainedOld(...args: string[]): Promise<Finished> {
  return omqtt.run(['retained', ...args, 'old/#', ...at, '--settle', '100ms']);
}

function recordAt(second: number): string {
  return JSON.stringify({ v: 1, t: `2026-01-01T00:00:0${second}.000000000Z`, topic: `p/${second}`, payload: '' });
}

test('retained messages are listed, shown, and cleared only with --yes', async () => {
  for (const name of ['1', '2']) {
    await broker.publish({ topic: `old/${name}`, payload: `payload ${name}`, retain: true });
  }
  const [listed, shown, dry] = await Promise.all([retainedOld('ls'), retainedOld('get', '-v'), retainedOld('clear')]);
  expect(listed).toMatchObject({ status: 0, stdout: 'old/1\nold/2\n' });
  expect(shown.stdout).toBe('old/1 payload 1\nold/2 payload 2\n');
  expect(dry.stderr).toContain('2 retained messages would be cleared; add --yes');
  expect(broker.retained.map(({ topic }) => topic)).toEqual(expect.arrayContaining(['old/1', 'old/2']));
  expect(await retainedOld('clear', '--yes')).toMatchObject({ status: 0 });
  expect(broker.retained.map(({ topic }) => topic)).not.toContain('old/1');
});

test('a stored session is seen, unsubscribed, drained and dropped', async () => {
  const session = ['-i', 'keeper', ...at];
  expect(await omqtt.run(['session', 'show', ...session])).toMatchObject({
    status: 10,
    stdout: 'the broker has no session\n',
  });
  await omqtt.run(['session', 'drop', ...session]);
  await omqtt.run(['sub', 'k/1', 'k/2', '-q', '2', '-c', '-E', ...session]);
  for (const [topic, qos] of [
    ['k/1', 1],
    ['k/2', 2],
  ] as const) {
    await broker.publish({ topic, payload: topic, qos });
  }
  expect(await omqtt.run(['session', 'show', ...session])).toMatchObject({
    status: 0,
    stdout: 'the broker has a session\n',
  });
  const unsub = await omqtt.run(['session', 'unsub', 'k/1', 'k/3', ...session]);
  expect(unsub.stderr).toBe('k/1: Success\nk/3: No subscription existed\n');
  const drained = await omqtt.run(['session', 'drain', '-v', '--settle', '200ms', ...session]);
  expect(drained).toMatchObject({ status: 0, stdout: 'k/1 k/1\nk/2 k/2\n', stderr: '2 messages drained\n' });
  expect(broker.sessions.find(({ clientId }) => clientId === 'keeper')).toMatchObject({ queued: 0 });
  await omqtt.run(['session', 'drop', ...session]);
  expect(broker.sessions.map(({ clientId }) => clientId)).not.toContain('keeper');
});

test('a session in a file is seen without a broker', async () => {
  const session = ['-i', 'filed', '--db', join(folder, 'state.db')];
  await omqtt.run(['sub', 'in/file', '-q', '1', '-E', ...session, ...at]);
  const { status, stdout } = await omqtt.run(['session', 'show', ...session, '--json']);
  const kept = { v: 1, expirySeconds: 0xffff_ffff, subscriptions: ['in/file@1'], waitingMessages: 0 };
  expect([status, JSON.parse(stdout)]).toMatchObject([0, kept]);
});

test.each(['recording.ndjson', 'recording.omq'])(
  'what is recorded in %s is played again: bytes, flags, properties',
  async (name) => {
    const path = join(folder, name);
    const properties = {
      contentType: 'x/y',
      userProperties: [
        ['k', '1'],
        ['k', '2'],
      ],
    } as const;
    const payload = Uint8Array.of(0, 255);
    await broker.publish({ topic: 'rec/a', payload, qos: 1, retain: true, properties });
    const recorded = await omqtt.run(['record', path, 'rec/#', '-C', '1', '-W', '5', '-q', '2', ...at]);
    expect(recorded).toMatchObject({ status: 0, stdout: '', stderr: '1 messages recorded\n' });
    await using client = await connect(broker.url);
    const copies = client.subscribe('copy/#', { qos: 2, retainAsPublished: true, retainHandling: 2 });
    await copies.ready;
    const played = await omqtt.run(['replay', path, '--map', 'rec=copy', '--loop', '2', ...at]);
    expect(played).toMatchObject({ status: 0, stderr: '2 messages published\n' });
    for (let turn = 0; turn < 2; turn += 1) {
      const copy = await copies.next({ timeoutMs: 5000 });
      expect(copy).toMatchObject({ topic: 'copy/a', qos: 1, retain: true });
      expect(copy.properties).toMatchObject(properties);
      expect(Array.from(copy.payload)).toEqual([0, 255]);
    }
  },
);

test('a recording keeps the pauses, goes faster when asked, and is not written over', async () => {
  const path = join(folder, 'paced.ndjson');
  writeFileSync(path, `${recordAt(0)}\n${recordAt(2)}\n`);
  await using client = await connect(broker.url);
  const copies = client.subscribe('p/#');
  await copies.ready;
  const times: number[] = [];
  const played = omqtt.run(['replay', path, '--speed', '2', ...at]);
  for (let turn = 0; turn < 2; turn += 1) {
    await copies.next({ timeoutMs: 5000 });
    times.push(performance.now());
  }
  expect(await played).toMatchObject({ status: 0 });
  // Half of two seconds: what a busy machine adds to the way of the first is less than that.
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(500);
  const dry = await omqtt.run(['replay', path, '--dry-run', '--only', 'topic:p/2', '--prefix', 'x']);
  expect(dry).toMatchObject({ status: 0, stdout: 'x/p/2 q0 0 bytes\n' });
  expect(await omqtt.run(['record', path, 'a', '-W', '1', ...at])).toMatchObject({ status: 12 });
});

test('contexts hold options and refer to secrets; flags, variables, contexts and the project follow in this order', async () => {
  const env = { XDG_CONFIG_HOME: join(folder, 'config'), SECRET: 'geheim' };
  const run = (...args: string[]): ReturnType<typeof omqtt.run> => omqtt.run(args, { env, cwd: folder });
  const plain = await run('ctx', 'add', 'dev', 'password=geheim');
  expect([plain.status, plain.stderr]).toEqual([2, expect.stringContaining('by reference only')]);
  expect(await run('ctx', 'add', 'dev', 'pasword=env:X')).toMatchObject({ status: 2 });
  expect(
    await run('ctx', 'add', 'dev', `url=${broker.url}`, 'username=me', 'password=env:SECRET', 'qos=1'),
  ).toMatchObject({ status: 0 });
  await run('ctx', 'add', 'other', 'url=mqtt://127.0.0.1:1');
  expect((await run('ctx', 'ls')).stdout).toBe('* dev\n  other\n');
  expect((await run('ctx', 'show', 'dev')).stdout).toContain('password = "env:SECRET"');
  expect(readFileSync(join(folder, 'config/omqtt/config.toml'), 'utf8')).not.toContain('geheim');

  expect(await run('pub', 'a', 'b')).toMatchObject({ status: 0 });
  expect(await run('--ctx', 'other', 'pub', 'a', 'b')).toMatchObject({ status: 3 });
  expect(await run('pub', '--ctx', 'none', 'a', 'b')).toMatchObject({ status: 2 });

  writeFileSync(join(folder, '.omqtt.toml'), 'keepalive = "7s"\nqos = 2\nhost = "project"\n');
  const shown = await omqtt.run(['pub', 'a', 'b', '-P', 'geheim', '--show-config'], {
    env: { ...env, OMQTT_HOST: 'variable' },
    cwd: folder,
  });
  expect(shown.stdout.replaceAll(/ +/g, ' ').split('\n')).toEqual(
    expect.arrayContaining([
      'qos 1 context dev',
      'host variable OMQTT_HOST',
      `keepalive 7s ${join(folder, '.omqtt.toml')}`,
      'password *** --password',
    ]),
  );
  rmSync(join(folder, '.omqtt.toml'));
  expect(await run('ctx', 'rm', 'other')).toMatchObject({ status: 0 });
  expect(await run('ctx', 'check', 'dev')).toMatchObject({ status: 0 });
});

test.each([
  [
    ['add', 'dev', '-L', 'mqtt://h'],
    'there is no option -L: a context keeps options as words: omqtt ctx add NAME url=URL',
  ],
  [
    ['add', 'dev', '--username=me'],
    'there is no option --username: a context keeps options as words: omqtt ctx add NAME username=NAME',
  ],
  [
    ['add', 'dev', '--retain'],
    'there is no option --retain: a context keeps options as words: omqtt ctx add NAME retain=true',
  ],
  [['add', 'dev', '--nonsense'], 'there is no option --nonsense: see --help'],
  [['add', 'dev', 'url', 'mqtt://h'], '"url" is no KEY=VALUE, such as url=mqtts://host'],
  [['add', 'dev'], 'something is missing: omqtt ctx add NAME url=mqtts://host username=me password=env:VARIABLE'],
  [['show'], 'which context? make one with omqtt ctx add NAME url=mqtts://host'],
  [['use', 'dev'], 'there is no context "dev"; make one with omqtt ctx add NAME url=mqtts://host'],
])('ctx %j says what to write', async (words, told) => {
  const env = { XDG_CONFIG_HOME: join(folder, 'empty') };
  expect(await omqtt.run(['ctx', ...words], { env, cwd: folder })).toMatchObject({
    status: 2,
    stderr: `omqtt: ${told}\n`,
  });
});
