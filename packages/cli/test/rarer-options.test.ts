/** Options that no other test gives to a process: what they do is seen where it arrives. */
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePeer } from '@omqtt/peers';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { harness } from './harness.ts';
import { startMosquitto } from './mosquitto.ts';

const mosquitto = requirePeer('mosquitto');
const { omqtt, broker } = await harness();
const at = ['-L', broker.url];
const brokerPort = Number(new URL(broker.url).port);
const folder = mkdtempSync(join(tmpdir(), 'omqtt-rarer-'));
afterAll(() => rmSync(folder, { recursive: true }));

function certificate(name: string): string {
  return join(import.meta.dirname, '../../transport-tcp/test/certificates', name);
}

function pinOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function listen(server: Server, ...where: [number, string] | [string]): Promise<number> {
  onTestFinished(() => void server.close());
  server.listen(...(where as [string]));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test.skipIf(mosquitto.isMissing)('a certificate of the client, a pin and a name of the server', async () => {
  const lines = [
    'allow_anonymous true',
    'user root',
    `cafile ${certificate('ca.pem')}`,
    `certfile ${certificate('server.pem')}`,
    `keyfile ${certificate('server-key.pem')}`,
    'require_certificate true',
  ];
  await using server = await startMosquitto(mosquitto.path, lines.join('\n')).then((started) => ({
    ...started,
    [Symbol.asyncDispose]: started.close,
  }));
  const password = join(folder, 'key-password');
  writeFileSync(password, 'secret\n');
  const to = ['pub', '-h', '127.0.0.1', '-p', String(server.port), '-q', '1', 'a', 'b'];
  const trust = [
    '--cafile',
    certificate('ca.pem'),
    '--tls-version',
    '1.3',
    '--sni',
    'broker.test',
    '--tls-alpn',
    'mqtt',
  ];
  const own = ['--cert', certificate('client.pem'), '--key', certificate('client-key-encrypted.pem')];
  const whole = [...to, ...trust, ...own, '--key-password-file', password];
  const shown = new X509Certificate(readFileSync(certificate('server.pem')));
  const [pinned, wrongPin, wrongName, without, insecure] = await Promise.all([
    omqtt.run([...whole, '--ca-pin', pinOf(shown.raw)]),
    omqtt.run([...whole, '--ca-pin', pinOf(Buffer.from('another'))]),
    omqtt.run([...whole, '--sni', 'another.test']),
    omqtt.run([...to, ...trust]),
    omqtt.run([...to, ...own, '--key-password-file', password, '--insecure']),
  ]);
  expect(pinned).toMatchObject({ status: 0, stderr: '' });
  expect([wrongPin.status, wrongName.status, without.status]).toEqual([4, 4, 4]);
  expect(wrongName.stderr).toContain('another.test');
  expect(without.stderr).toContain('does not accept this client');
  expect(insecure).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('--insecure: anyone on the way') as string,
  });
});

test('path and headers of a WebSocket, a proxy, and a unix socket', async () => {
  const seen: unknown[] = [];
  const http = createHttpServer();
  http.on('upgrade', ({ url, headers }, socket) => {
    seen.push([url, headers['x-room']]);
    socket.destroy();
  });
  http.on('connect', ({ url }, socket) => {
    seen.push(url);
    const onwards = connect(brokerPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(onwards).pipe(socket);
    });
    for (const end of [onwards, socket]) end.on('error', () => undefined);
  });
  const port = String(await listen(http, 0, '127.0.0.1'));
  const path = join(folder, 'socket');
  await listen(
    createServer((socket) => socket.pipe(connect(brokerPort, '127.0.0.1')).pipe(socket)),
    path,
  );
  const say = ['-q', '1', 'a', 'b'];
  const web = ['pub', '-h', '127.0.0.1', '-p', port, '--ws', '--ws-path', '/room', '--ws-header', 'X-Room: 7', ...say];
  expect((await omqtt.run(web)).status).toBe(3);
  expect(await omqtt.run(['pub', ...at, '--proxy', `http://127.0.0.1:${port}`, ...say])).toMatchObject({ status: 0 });
  expect(await omqtt.run(['pub', '--unix', path, ...say])).toMatchObject({ status: 0 });
  expect(seen).toEqual([['/room', '7'], `127.0.0.1:${brokerPort}`]);
});

test('how is subscribed: group, identifier, local and retained messages', async () => {
  const how = ['--no-local', '--retain-as-published', '--retain-handling', 'never', '--sub-id', '9'];
  const kept = ['sub', ...at, '-i', 'how', '-c', '-E', '-t'];
  expect(await omqtt.run([...kept, 'how/#', ...how])).toMatchObject({ status: 0 });
  expect(await omqtt.run([...kept, 'how/#', '--share', 'g'])).toMatchObject({ status: 0 });
  const [plain, shared] = broker.subscriptions.filter(({ clientId }) => clientId === 'how');
  const expected = { filter: 'how/#', noLocal: true, retainAsPublished: true, retainHandling: 2, identifier: 9 };
  expect(plain).toMatchObject(expected);
  expect(shared?.filter).toBe('$share/g/how/#');
});

test('a will is published when the process is killed, with all that was said of it', async () => {
  const will = [
    '--will-topic',
    'w/1',
    '--will-payload',
    'gone',
    '--will-qos',
    '1',
    '--will-retain',
    '--will-delay',
    '0',
  ];
  const dying = omqtt.start(['sub', ...at, 'x', '-d', ...will]);
  await dying.shows('SUBACK');
  const heard = omqtt.start([
    'sub',
    ...at,
    'w/#',
    '-q',
    '1',
    '-C',
    '1',
    '-W',
    '10s',
    '--json',
    '--retain-as-published',
    '-d',
  ]);
  await heard.shows('SUBACK');
  dying.child.kill('SIGKILL');
  const { stdout } = await heard.finished;
  expect(JSON.parse(stdout)).toMatchObject({ topic: 'w/1', payload: 'gone', qos: 1, retain: true });
});

test('how is published: limits, parts of standard input, properties and an alias', async () => {
  const limits = ['-M', '3', '--receive-maximum', '7', '--maximum-packet-size', '4k'];
  const properties = ['--payload-format', 'text', '--correlation', 'text:c', '--alias', 'try', '--every', '1ms'];
  const listening = omqtt.start(['sub', ...at, 'p', '-C', '3', '-W', '10s', '--json', '-d']);
  await listening.shows('SUBACK');
  const pub = await omqtt.run(['pub', ...at, ...limits, ...properties, '-dd', '-t', 'p', '-l', '--delimiter', ';'], {
    input: 'a;b;c',
  });
  expect(pub.status).toBe(0);
  expect(pub.stderr).toMatch(/receiveMaximum .*\n.*\n +value: 7 /);
  expect(pub.stderr).toMatch(/maximumPacketBytes .*\n.*\n +value: 4000 /);
  expect(pub.stderr).toMatch(/PUBLISH q0 p alias 1/);
  const lines = (await listening.finished).stdout.trim().split('\n');
  const records = lines.map((line) => JSON.parse(line) as { payload: string; props: unknown });
  expect(records.map(({ payload }) => payload)).toEqual(['a', 'b', 'c']);
  expect(records[2]?.props).toMatchObject({ pfi: 1, correlation64: 'Yw==' });
});

test('what is shown: every second message, times, rates, and retained messages that are taken away', async () => {
  for (const number of [1, 2, 3, 4]) await omqtt.run(['pub', ...at, '-r', '-q', '1', `keep/${number}`, `m${number}`]);
  const times = await omqtt.run([
    'sub',
    ...at,
    'keep/#',
    '--sample',
    '2',
    '--time',
    'unix',
    '--idle',
    '300ms',
    '-W',
    '9s',
  ]);
  expect(times.stdout).toMatch(/^\d{10}\.\d+ +m\d\n\d{10}\.\d+ +m\d\n$/);
  const stats = await omqtt.run(['sub', ...at, 'keep/#', '--stats', '-W', '1500ms']);
  expect(stats.stdout + stats.stderr).toMatch(/4 messages, \d+ messages\/s/);
  const taken = await omqtt.run(['sub', ...at, 'keep/#', '--remove-retained', '-C', '4', '-W', '9s']);
  expect([taken.status, broker.retained.filter(({ topic }) => topic.startsWith('keep/'))]).toEqual([0, []]);
});

test('a variable that makes no sense is named, and -V auto falls back', async () => {
  const wrong = await omqtt.run(['pub', ...at, 'a', 'b'], { env: { OMQTT_QOS: '7' } });
  expect([wrong.status, wrong.stderr]).toEqual([2, 'omqtt: OMQTT_QOS is 0, 1 or 2, not "7"\n']);
  broker.refuse({ reasonCode: 0x84 });
  const conn = await omqtt.run(['conn', ...at, '-i', 'old', '--fallback', '--once', '--json']);
  expect(JSON.parse(conn.stdout)).toMatchObject({ version: '3.1.1' });
});
