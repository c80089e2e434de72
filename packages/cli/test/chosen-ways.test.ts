/** Options of the way to the broker, and of what goes over it, with real mosquitto where it has them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBroker } from '@omqtt/broker';
import { freePort, loopbackInterface, requirePeer } from '@omqtt/peers';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { harness } from './harness.ts';
import { startMosquitto } from './mosquitto.ts';
import { startNameServer } from './name-server.ts';

const mosquitto = requirePeer('mosquitto');
const { omqtt, broker } = await harness();
const at = ['-L', broker.url];

function certificate(name: string): string {
  return join(import.meta.dirname, '../../transport-tcp/test/certificates', name);
}

describe.skipIf(mosquitto.isMissing)('at mosquitto', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-ways-'));
  writeFileSync(join(folder, 'keys'), 'device-7:0123456789abcdef\n');
  const withKey = await startMosquitto(
    mosquitto.path,
    `allow_anonymous true\nuser root\npsk_hint here\npsk_file ${join(folder, 'keys')}\nuse_identity_as_username true`,
  );
  const plain = await startMosquitto(
    mosquitto.path,
    `allow_anonymous true\nuser root\nlog_dest stderr\nlog_dest file ${join(folder, 'log')}`,
  );
  const secure = [
    `certfile ${certificate('server.pem')}`,
    `keyfile ${certificate('server-key.pem')}`,
    'ciphers_tls1.3 TLS_AES_256_GCM_SHA384',
  ];
  const wssPort = await freePort();
  const webSocket = [`listener ${wssPort}`, 'protocol websockets', `bind_interface ${loopbackInterface()}`];
  const picky = await startMosquitto(
    mosquitto.path,
    ['allow_anonymous true', 'user root', ...secure, ...webSocket, ...secure].join('\n'),
  );
  afterAll(async () => {
    await Promise.all([withKey.close(), plain.close(), picky.close()]);
    rmSync(folder, { recursive: true });
  });

  test('a pre-shared key opens the door, and another one does not', async () => {
    const key = ['-h', '127.0.0.1', '-p', String(withKey.port), '--psk-identity', 'device-7', '--psk'];
    expect(await omqtt.run(['pub', ...key, '0123456789abcdef', '-q', '1', 'a', 'b'])).toMatchObject({ status: 0 });
    const { status, stderr } = await omqtt.run(['pub', ...key, 'ffff', '-q', '1', 'a', 'b']);
    expect(status).toBe(4);
    expect(stderr).not.toContain('ffff');
  });

  test.each(['mqtts', 'wss'])('--ciphers has to name one that the broker has, over %s too', async (scheme) => {
    const url = scheme === 'wss' ? `wss://127.0.0.1:${wssPort}/mqtt` : `mqtts://127.0.0.1:${picky.port}`;
    const way = ['--cafile', certificate('ca.pem'), '--ciphers'];
    const [right, wrong] = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];
    expect(await omqtt.run(['pub', '-L', url, ...way, right, '-q', '1', 'a', 'b'])).toMatchObject({ status: 0 });
    const { status, stderr } = await omqtt.run(['pub', '-L', url, ...way, wrong, 'a', 'b']);
    expect(status).toBe(4);
    expect(stderr).toContain('could not connect');
    const looked = await omqtt.run(['doctor', url, ...way, right, '-A', '127.0.0.9']);
    expect(looked.status).toBe(0);
    expect(looked.stdout).toContain('TLSv1.3 TLS_AES_256_GCM_SHA384');
    const failed = await omqtt.run(['doctor', url, ...way, wrong]);
    expect([failed.status, failed.stdout]).toEqual([10, expect.stringContaining('the TLS handshake failed')]);
  });

  test('the doctor comes from -A, and with a key that both know', async () => {
    const key = ['-p', String(withKey.port), '--psk-identity', 'device-7', '--psk'];
    const looked = await omqtt.run(['doctor', '-h', '127.0.0.1', ...key, '0123456789abcdef', '-A', '127.0.0.8']);
    expect([looked.status, looked.stdout]).toEqual([0, expect.stringContaining('accepted MQTT 5.0')]);
    const wrong = await omqtt.run(['doctor', '-h', '127.0.0.1', ...key, 'ffff']);
    expect([wrong.status, wrong.stdout]).toEqual([10, expect.stringContaining('FAIL  connect    CONNECT')]);
    const nowhere = await omqtt.run(['doctor', '-h', '127.0.0.1', '-p', String(plain.port), '-A', '192.0.2.1']);
    expect([nowhere.status, nowhere.stdout]).toEqual([10, expect.stringContaining('192.0.2.1 is no address of this')]);
  });

  test('-A is the address that the broker sees', async () => {
    const to = ['-h', '127.0.0.1', '-p', String(plain.port), '-A', '127.0.0.9', '-q', '1'];
    expect(await omqtt.run(['pub', ...to, 'a', 'b'])).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, 'log'), 'utf8')).toContain('from 127.0.0.9');
  });
});

test('-A is the address that is seen over a WebSocket, with and without TLS', async () => {
  const [cert, key] = ['server.pem', 'server-key.pem'].map((name) => readFileSync(certificate(name), 'utf8'));
  await using both = await startBroker({
    listeners: [{ type: 'ws' }, { type: 'wss', tls: { cert: cert ?? '', key: key ?? '' } }],
  });
  for (const scheme of ['ws', 'wss'] as const) {
    const trust = scheme === 'wss' ? ['--cafile', certificate('ca.pem')] : [];
    const to = ['-L', both.urls[scheme] ?? '', ...trust, '-A', '127.0.0.9'];
    const holding = omqtt.start(['sub', ...to, '-i', scheme, 'a', '-d']);
    await holding.shows('SUBACK');
    expect(both.clients.find(({ clientId }) => clientId === scheme)?.peer).toContain('127.0.0.9');
    holding.child.kill('SIGINT');
    expect(await holding.finished).toMatchObject({ status: 130 });
  }
});

test('-S goes on to the second server when the first is not there, or refuses', async () => {
  await using away = await startBroker();
  away.refuse({ reasonCode: 0x88, times: 2 });
  const names = await startNameServer([
    await freePort(),
    Number(new URL(away.url).port),
    Number(new URL(broker.url).port),
  ]);
  const domain = ['-S', '-h', 'example.test'];
  const listening = omqtt.start(['sub', ...domain, 's/#', '-C', '1', '-W', '10s', '-d'], { env: names.env });
  await listening.shows('SUBACK');
  const sent = await omqtt.run(['pub', ...domain, '-q', '1', 's/a', 'b'], { env: names.env });
  names.close();
  const service = '_mqtt._tcp.example.test';
  expect([sent.status, names.asked]).toEqual([0, [service, service]]);
  expect(sent.stderr).toMatch(
    /nothing listens .*; the next server is tried\n.*Server unavailable.*; the next server is tried/,
  );
  expect(await listening.finished).toMatchObject({ status: 0, stdout: 'b\n' });
});

test('session -S and sub -U -S go to the first server that takes them, too', async () => {
  await using away = await startBroker();
  away.refuse({ reasonCode: 0x88, times: 4 });
  const names = await startNameServer([
    await freePort(),
    Number(new URL(away.url).port),
    Number(new URL(broker.url).port),
  ]);
  onTestFinished(names.close);
  const domain = ['-S', '-h', 'example.test', '-i', 'mover'];
  expect(await omqtt.run(['sub', ...at, '-i', 'mover', '-c', '-t', 'm/a', '-t', 'm/b', '-E'])).toMatchObject({
    status: 0,
  });
  const shown = await omqtt.run(['session', 'show', ...domain], { env: names.env });
  expect(shown).toMatchObject({ status: 0, stdout: 'the broker has a session\n' });
  expect(shown.stderr).toMatch(
    /nothing listens .*; the next server is tried\n.*Server unavailable.*; the next server is tried/,
  );
  const left = await omqtt.run(['session', 'unsub', 'm/a', ...domain], { env: names.env });
  expect([left.status, left.stderr]).toEqual([0, expect.stringContaining('m/a: Success')]);
  const alsoLeft = await omqtt.run(['sub', ...domain, '-c', '-U', 'm/b'], { env: names.env });
  expect([alsoLeft.status, alsoLeft.stderr]).toEqual([0, expect.stringContaining('m/b: Success')]);
  expect(await omqtt.run(['session', 'drop', ...domain], { env: names.env })).toMatchObject({ status: 0 });
  expect(broker.sessions.map(({ clientId }) => clientId)).not.toContain('mover');
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
