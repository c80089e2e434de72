import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { harness } from './harness.ts';
import type { Finished } from './run-omqtt.ts';

const { omqtt, broker } = await harness();

/** What a packet of a client is answered with: by its type, and nothing for all others. */
type Answers = Readonly<Record<number, readonly number[]>>;
const connack = { 0x10: [0x20, 3, 0, 0, 0] };
const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

interface OddBroker {
  readonly port: string;
  /** Resolves with the first packet of the type, which is a byte without flags. */
  readonly got: (type: number) => Promise<void>;
}

/** `hangsUpAfter`: the packet of a client that is the last one, answered or not. */
async function oddBroker(answers: Answers, hangsUpAfter?: number): Promise<OddBroker> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('data', (data) => {
      const type = (data[0] ?? 0) & 0xf0;
      server.emit(`packet ${type}`);
      const answer = answers[type];
      if (answer !== undefined) socket.write(Uint8Array.from(answer));
      if (type === hangsUpAfter) socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: String((server.address() as AddressInfo).port),
    got: async (type) => {
      await once(server, `packet ${type}`);
    },
  };
}

async function interruptedAfter(type: number, args: readonly string[], answers: Answers): Promise<Finished> {
  const { port, got } = await oddBroker(answers);
  const arrived = got(type);
  const running = omqtt.start([...args, '-h', '127.0.0.1', '-p', port, '-i', 'x']);
  await arrived;
  running.child.kill('SIGINT');
  return running.finished;
}

test.each([['pub', 'a', '-s'], ['req', 'a', '-s'], ['decode']])(
  'Ctrl-C ends %s while it waits for the end of its input',
  async (command, ...words) => {
    const running = omqtt.start([command, ...words, ...(command === 'decode' ? [] : ['-L', broker.url])]);
    // More than a pipe takes, so somebody reads it.
    await new Promise<void>((resolve) => running.child.stdin.write(new Uint8Array(4_000_000), () => resolve()));
    running.child.kill('SIGINT');
    expect(await running.finished).toEqual({ status: 130, stdout: '', bytes: Buffer.alloc(0), stderr: '' });
  },
);

test.each([['doctor'], ['session', 'show'], ['session', 'drain'], ['pub', 'a', 'b'], ['sub', 'a']])(
  'Ctrl-C ends %s %s while the broker does not answer CONNECT, with no word about the broker',
  async (...args) => {
    expect(await interruptedAfter(0x10, args, {})).toMatchObject({ status: 130, stdout: '', stderr: '' });
  },
);

test.each([
  ['reply', 'a', '--echo'],
  ['ping', '-q', '1'],
  ['sub', 'a'],
])('Ctrl-C ends %s while the broker does not answer SUBSCRIBE', async (...args) => {
  expect(await interruptedAfter(0x80, args, connack)).toMatchObject({ status: 130, stderr: '' });
});

test('Ctrl-C ends the wait of session unsub', async () => {
  const present = { 0x10: [0x20, 3, 1, 0, 0] };
  expect(await interruptedAfter(0xa0, ['session', 'unsub', 'a'], present)).toMatchObject({ status: 130, stderr: '' });
});

test.each([
  [['req', 'a', 'b'], /^omqtt: subscribing to .* took longer than 200 ms\n$/],
  [['ping', '-q', '1'], /^omqtt: subscribing to .* took longer than 200 ms\n$/],
  [['replay', '-'], /^omqtt: publishing to "a" took longer than 200 ms\n$/],
])('9: %j gives up a broker that accepts CONNECT and then says nothing', async (args, told) => {
  const { port } = await oddBroker(connack);
  const input = '{"v":1,"topic":"a","qos":1,"payload":""}\n';
  const { status, stderr } = await omqtt.run([...args, '-W', '200ms', '-h', '127.0.0.1', '-p', port, '-i', 'x'], {
    input,
  });
  expect([status, stderr]).toEqual([9, expect.stringMatching(told)]);
});

test('a port that speaks something else is told from a broker that goes away', async () => {
  const { port } = await oddBroker({ 0x10: [...Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')] });
  const { status, stderr } = await omqtt.run(['pub', 'a', 'b', '-h', '127.0.0.1', '-p', port]);
  expect(status).toBe(8);
  expect(stderr).toMatch(/^omqtt: what answers there is no MQTT\n {2}Is this the port for MQTT\? .*--tls.*--ws/);
});

test.each([
  ['pub', 'a', 'b'],
  ['session', 'show'],
  ['sub', 'a'],
])('8: %s, where the connection ends before CONNACK', async (...args) => {
  const { port } = await oddBroker({}, 0x10);
  const { status, stderr } = await omqtt.run([...args, '-h', '127.0.0.1', '-p', port, '-i', 'x']);
  expect([status, stderr]).toEqual([8, expect.stringContaining('before the broker answered CONNECT')]);
});

test('8: session drain, where the connection ends before all has come', async () => {
  const { port } = await oddBroker({ 0x10: [0x20, 3, 1, 0, 0] }, 0x10);
  const { status, stderr } = await omqtt.run(['session', 'drain', '-h', '127.0.0.1', '-p', port, '-i', 'x']);
  expect([status, stderr]).toEqual([
    8,
    expect.stringContaining('the connection was lost before all that waited had come'),
  ]);
});

test.each([
  [0x87, 6],
  [0x80, 7],
])('a filter that the broker refuses to unsubscribe with %i ends session unsub with %i', async (code, status) => {
  const { port } = await oddBroker({ 0x10: [0x20, 3, 1, 0, 0], 0xa0: [0xb0, 4, 0, 1, 0, code] });
  const refused = await omqtt.run(['session', 'unsub', 'a', '--json', '-h', '127.0.0.1', '-p', port, '-i', 'x']);
  const [error = ''] = refused.stderr.split('\n').slice(-2);
  expect([refused.status, JSON.parse(error)]).toMatchObject([
    status,
    { code: 'unsubscribe-refused', exit: status, reasonCode: code },
  ]);
});
