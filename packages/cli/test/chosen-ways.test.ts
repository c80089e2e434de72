/** Options of the way to the broker, and of what goes over it, with real mosquitto where it has them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePeer } from '@omqtt/peers';
import { afterAll, describe, expect, test } from 'vitest';
import { harness } from './harness.ts';
import { startMosquitto } from './mosquitto.ts';

const mosquitto = requirePeer('mosquitto');
const { omqtt, broker } = await harness();
const at = ['-L', broker.url];

describe.skipIf(mosquitto.isMissing)('at mosquitto', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-ways-'));
  writeFileSync(join(folder, 'keys'), 'device-7:0123456789abcdef\n');
  const withKey = await startMosquitto(
    mosquitto.path,
    `allow_anonymous true\nuser root\npsk_hint here\npsk_file ${join(folder, 'keys')}\nuse_identity_as_username true`,
  );
  const plain = await startMosquitto(
    mosquitto.path,
    `allow_anonymous true\nuser root\nlog_dest file ${join(folder, 'log')}`,
  );
  afterAll(async () => {
    await Promise.all([withKey.close(), plain.close()]);
    rmSync(folder, { recursive: true });
  });

  test('a pre-shared key opens the door, and another one does not', async () => {
    const key = ['-h', '127.0.0.1', '-p', String(withKey.port), '--psk-identity', 'device-7', '--psk'];
    expect(await omqtt.run(['pub', ...key, '0123456789abcdef', '-q', '1', 'a', 'b'])).toMatchObject({ status: 0 });
    const { status, stderr } = await omqtt.run(['pub', ...key, 'ffff', '-q', '1', 'a', 'b']);
    expect(status).toBe(4);
    expect(stderr).not.toContain('ffff');
  });

  test('-A is the address that the broker sees', async () => {
    const to = ['-h', '127.0.0.1', '-p', String(plain.port), '-A', '127.0.0.9', '-q', '1'];
    expect(await omqtt.run(['pub', ...to, 'a', 'b'])).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, 'log'), 'utf8')).toContain('from 127.0.0.9');
  });
});

test('-U takes a filter out of the session that is kept, and leaves the others', async () => {
  const session = [...at, '-i', 'keeper', '-c', '-q', '1'];
  expect(await omqtt.run(['sub', ...session, '-t', 'u/a', '-t', 'u/b', '-E'])).toMatchObject({ status: 0 });
  const left = await omqtt.run(['sub', ...session, '-U', 'u/a']);
  expect(left).toMatchObject({ status: 0, stdout: '' });
  expect(left.stderr).toContain('u/a: Success');
  for (const topic of ['u/a', 'u/b']) await omqtt.run(['pub', ...at, '-q', '1', topic, topic]);
  const { stdout } = await omqtt.run(['sub', ...session, '-t', 'u/b', '-v', '-C', '1', '-W', '10s']);
  expect(stdout).toBe('u/b u/b\n');
});

test.each([
  ['cbor', 'application/cbor', { temp: 2.4375 }],
  ['msgpack', 'application/msgpack', { temp: 21, list: [1, null] }],
])('--encode %s sends JSON in that format, and {decoded.…} shows a part of it', async (format, contentType, value) => {
  const shown = omqtt.start([
    'sub',
    ...at,
    '-t',
    `enc/${format}`,
    '-C',
    '1',
    '-F',
    '{decoded.temp}|{decoded}|{decoded.none}',
    '-d',
  ]);
  await shown.shows('SUBACK');
  const sent = [
    'pub',
    ...at,
    '--encode',
    format,
    '--content-type',
    contentType,
    `enc/${format}`,
    JSON.stringify(value),
  ];
  expect(await omqtt.run(sent)).toMatchObject({ status: 0 });
  const { status, stdout } = await shown.finished;
  expect(status).toBe(0);
  expect(stdout).toBe(`${value.temp}|${JSON.stringify(value)}|\n`);
});

test('--encode cbor of what is no JSON says so, and sends nothing', async () => {
  const { status, stderr } = await omqtt.run(['pub', ...at, '--encode', 'cbor', 'a', '{temp']);
  expect(status).toBe(11);
  expect(stderr).toContain('the payload is no JSON');
});

test('-S without such a record says which was asked for', async () => {
  const { status, stderr } = await omqtt.run(['pub', '-S', '-h', 'nowhere.invalid', 'a', 'b']);
  expect(status).toBe(3);
  expect(stderr).toContain('no SRV record _mqtt._tcp.nowhere.invalid');
});
