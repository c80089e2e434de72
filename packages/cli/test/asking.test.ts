import { expect, test } from 'vitest';
import { harness } from './harness.ts';

const { omqtt, broker } = await harness();
const at = ['-L', broker.url];

test('a request is answered by the same payload, by a fixed one and by a command, and 3.1.1 needs a topic', async () => {
  const echo = omqtt.start(['reply', ...at, 'ask/echo', '--echo', '-C', '1']);
  const fixed = omqtt.start(['reply', ...at, 'ask/fixed', '-m', 'always this', '-C', '1']);
  const shell = omqtt.start(['reply', ...at, 'ask/upper', '--exec', 'tr a-z A-Z', '-C', '1']);
  await Promise.all([echo, fixed, shell].map((one) => one.shows('answers requests')));
  const [first, second, third, old] = await Promise.all([
    omqtt.run(['req', ...at, 'ask/echo', 'hello', '--latency']),
    omqtt.run(['req', ...at, '-t', 'ask/fixed', '-m', 'x', '-v', '-e', 'to/here']),
    omqtt.run(['req', ...at, 'ask/upper', '-s', '-N'], { input: 'shout' }),
    omqtt.run(['req', ...at, 'ask/echo', 'x', '-V', '311']),
  ]);
  expect([first.status, first.stdout]).toEqual([0, 'hello\n']);
  expect(first.stderr).toMatch(/^answered after [\d.]+ ms\n$/);
  expect([second.status, second.stdout]).toEqual([0, 'to/here always this\n']);
  expect([third.status, third.stdout]).toEqual([0, 'SHOUT']);
  expect([old.status, old.stderr]).toEqual([2, expect.stringContaining('name it with -e')]);
  expect((await Promise.all([echo, fixed, shell].map((one) => one.finished))).map(({ status }) => status)).toEqual([
    0, 0, 0,
  ]);
});

test('a request that nobody listens to ends at once, with 9', async () => {
  const { status, stderr } = await omqtt.run(['req', ...at, 'nobody', 'x']);
  expect([status, stderr]).toEqual([9, expect.stringContaining('nobody is subscribed to nobody')]);
});

test('several answers to one request are shown as records', async () => {
  const repliers = [1, 2].map((name) => omqtt.start(['reply', ...at, 'all', '-m', `from ${name}`, '-C', '1']));
  await Promise.all(repliers.map((one) => one.shows('answers requests')));
  const { status, stdout } = await omqtt.run(['req', ...at, 'all', '-n', '--replies', '2', '--json', '-W', '5']);
  const payloads = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { payload: string }).payload);
  expect([status, payloads.toSorted()]).toEqual([0, ['from 1', 'from 2']]);
  await Promise.all(repliers.map((one) => one.finished));
});

test('conn shows what the broker said, for people and as JSON', async () => {
  broker.setLimits({ maximumQoS: 1, receiveMaximum: 7 });
  const people = await omqtt.run(['conn', ...at, '--once', '-i', 'me']);
  const program = await omqtt.run(['conn', ...at, '--once', '-i', 'me', '--json']);
  broker.setLimits({ maximumQoS: 2, receiveMaximum: 65_535 });
  expect(people.stdout).toMatch(/^client id +me$/m);
  expect(people.stdout).toMatch(/^maximum QoS +1$/m);
  expect(JSON.parse(program.stdout)).toMatchObject({
    v: 1,
    clientId: 'me',
    maximumQoS: 1,
    receiveMaximum: 7,
    version: '5.0',
  });
});

test('conn holds the connection until Ctrl-C', async () => {
  const running = omqtt.start(['conn', ...at, '-i', 'holder']);
  await running.shows('maximum packet bytes');
  expect(broker.clients.map(({ clientId }) => clientId)).toContain('holder');
  running.child.kill('SIGINT');
  expect(await running.finished).toMatchObject({ status: 130 });
});

test('ping measures the broker, and the way through it', async () => {
  const pings = await omqtt.run(['ping', ...at, '-C', '2', '--interval', '1ms']);
  const loops = await omqtt.run(['ping', ...at, '-C', '2', '--interval', '1ms', '-q', '2', '--json']);
  expect([pings.status, pings.stdout]).toEqual([0, expect.stringMatching(/^seq 1: [\d.]+ ms\nseq 2: [\d.]+ ms\n$/)]);
  expect(pings.stderr).toMatch(/^2 sent, 2 came back, 0\.0 % lost; min .* max [\d.]+ ms\n$/);
  expect(
    loops.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { seq: number }).seq),
  ).toEqual([1, 2]);
});

test('ping fails with 9 when nothing comes back', async () => {
  broker.faults.drop('pingresp', { times: 2 });
  const { status, stdout } = await omqtt.run(['ping', ...at, '-C', '1', '-W', '50ms']);
  broker.faults.clear();
  expect([status, stdout]).toEqual([9, 'seq 1: lost\n']);
});
