import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { harness } from './harness.ts';

const { omqtt, broker } = await harness({
  listeners: [{ type: 'tcp' }, { type: 'ws' }],
  authenticate: ({ username }) => username !== 'who',
  authorize: ({ topic }) => topic !== 'secret',
});
const web = createServer((_request, response) => response.writeHead(404).end());
await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
afterAll(() => web.close());
const webPort = String((web.address() as AddressInfo).port);
const tcpPort = new URL(broker.url).port;

/** What newcomers do, what it ends with, and what they are told to do. */
const mistakes: readonly {
  readonly what: string;
  readonly args: readonly string[];
  readonly status: number;
  readonly told: RegExp;
}[] = [
  {
    what: 'nothing listens',
    args: ['pub', '-p', '1', 'a', 'b'],
    status: 3,
    told: /refused the connection: nothing listens/,
  },
  {
    what: 'a name that does not exist',
    args: ['pub', '-h', 'nowhere.invalid', 'a', 'b'],
    status: 3,
    told: /nowhere\.invalid/,
  },
  {
    what: 'a URL behind -h',
    args: ['pub', '-h', 'mqtt://localhost', 'a', 'b'],
    status: 2,
    told: /for a URL use -L mqtt:\/\/localhost/,
  },
  {
    what: 'host and port in one',
    args: ['pub', '-h', 'localhost:1883', 'a', 'b'],
    status: 2,
    told: /write -h localhost -p 1883/,
  },
  {
    what: 'no payload',
    args: ['pub', '-L', broker.url, 'a'],
    status: 2,
    told: /nothing to publish: give MESSAGE, or -m/,
  },
  {
    what: 'no quotes around a text',
    args: ['pub', '-L', broker.url, 'a', 'hello', 'world'],
    status: 2,
    told: /"world" is one word too many.*quotes/,
  },
  { what: 'a wildcard in a topic', args: ['pub', '-L', broker.url, 'a/#', 'b'], status: 2, told: /topic/i },
  { what: 'a filter that is none', args: ['sub', '-L', broker.url, 'a/#/b'], status: 2, told: /#/ },
  {
    what: 'an option with a typo',
    args: ['sub', '-L', broker.url, 'a', '--usrname', 'me'],
    status: 2,
    told: /did you mean --username\?/,
  },
  { what: 'a command with a typo', args: ['pubb', 'a', 'b'], status: 2, told: /did you mean pub\?/ },
  {
    what: 'bad credentials',
    args: ['sub', '-L', broker.url, 'a', '-u', 'who'],
    status: 6,
    told: /Bad User Name or Password/,
  },
  {
    what: 'a topic that is not allowed',
    args: ['pub', '-L', broker.url, 'secret', 'x', '-q', '1'],
    status: 6,
    told: /refused the message to "secret": 0x87 Not authorized/,
  },
  {
    what: 'TLS to a port without',
    args: ['pub', '-L', `mqtts://127.0.0.1:${tcpPort}`, 'a', 'b'],
    status: 4,
    told: /TLS/,
  },
  {
    what: 'a web server instead of a broker',
    args: ['pub', '-L', `ws://127.0.0.1:${webPort}`, 'a', 'b'],
    status: 3,
    told: /404/,
  },
  {
    what: 'a session without an id',
    args: ['sub', '-L', broker.url, '-c', 'a'],
    status: 2,
    told: /needs a client id.*add -i ID/,
  },
  {
    what: 'a time that is none',
    args: ['sub', '-L', broker.url, 'a', '-W', 'soon'],
    status: 2,
    told: /--wait is a time such as 250ms/,
  },
  {
    what: 'JSON that is none',
    args: ['pub', '-L', broker.url, 'a', '{x', '--encode', 'json'],
    status: 11,
    told: /the payload is no JSON/,
  },
];

test.each(mistakes)('$what: is told what to do', async ({ args, status, told }) => {
  const result = await omqtt.run(args);
  expect([result.status, result.stdout]).toEqual([status, '']);
  expect(result.stderr).toMatch(told);
  // One message, and no stack of the program.
  expect(result.stderr).not.toMatch(/ {4}at /);
});

test('a client id that two use is told apart from a bad network', async () => {
  const first = omqtt.start(['sub', '-L', broker.url, 'a', '-i', 'twin', '-d']);
  await first.shows('SUBACK');
  const second = omqtt.start(['sub', '-L', broker.url, 'a', '-i', 'twin', '-E']);
  expect(await second.finished).toMatchObject({ status: 0 });
  const { status, stderr } = await first.finished;
  expect(status).toBe(8);
  expect(stderr).toContain('Session taken over');
});

test.each([
  [['-A', '192.0.2.1'], 3, '192.0.2.1 is no address of this machine'],
  [['-A', 'eth0'], 2, 'localAddress is an address of this machine'],
  [['-L', broker.url, '-S'], 2, '-S asks for the servers of a domain: name it with -h'],
  [['-U', 'a/b'], 2, '-U takes a filter out of a session that the broker keeps: add -i ID and -c'],
  [['--psk', '00'], 2, '--psk and --psk-identity belong together'],
  [['--psk', 'secret', '--psk-identity', 'me'], 2, 'takes a key in hex'],
  [['-V', 'mqttv31'], 2, '--mqtt-version cannot be 3.1, which is not spoken here: take -V 3.1.1'],
  [['-V', '6'], 2, '--mqtt-version is one of 5, 3.1.1, auto, not "6"'],
  [['--tls', '--ciphers', 'NONSENSE'], 2, 'tls.ciphers names nothing that this OpenSSL has: "NONSENSE"'],
  [['--ws', '--tls', '--ciphers', 'NONSENSE'], 2, 'tls.ciphers names nothing that this OpenSSL has: "NONSENSE"'],
  [['--ws', '--psk', '00', '--psk-identity', 'me'], 2, 'Pre-shared keys are for mqtts: a WebSocket shows certificates'],
  [['--capath', '/nonexistent'], 12, 'cannot read'],
] as const)('an option that cannot be says what to do: %j', async (args, expected, told) => {
  const { status, stdout, stderr } = await omqtt.run(['sub', '-h', '127.0.0.1', '-p', tcpPort, 'a', ...args]);
  expect([status, stdout]).toEqual([expected, '']);
  expect(stderr).toContain(told);
});
