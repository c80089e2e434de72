import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'omqtt';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { harness } from './harness.ts';
import type { Finished } from './run-omqtt.ts';

const { omqtt, broker } = await harness();
const folder = mkdtempSync(join(tmpdir(), 'omqtt-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => broker.faults.clear());
const at = ['-L', broker.url];

async function retained(topic: string, payload: string | Uint8Array): Promise<void> {
  await broker.publish({ topic, payload, retain: true });
}

async function showRaw(...args: string[]): Promise<Buffer> {
  return (await omqtt.run(['sub', ...at, 'raw', '-C', '1', ...args])).bytes;
}

function showStates(...args: string[]): Promise<Finished> {
  return omqtt.run(['sub', ...at, 'e/+', '-W', '5', '-F', '{payload.json.state}', ...args]);
}

test('records written by sub and published by pub are the same messages: bytes, flags, repeated properties and all', async () => {
  const properties = {
    payloadFormatIndicator: 0,
    messageExpirySeconds: 3600,
    contentType: 'application/octet-stream',
    responseTopic: 'answers',
    correlationData: Uint8Array.of(0, 255, 10),
    userProperties: [
      ['k', '1'],
      ['k', '2'],
      ['', 'ünïcode\u009b'],
    ],
  } as const;
  const payloads = [Uint8Array.of(0x41, 0, 0x42, 0xff), 'two\nlines', '\ufeffbom', '\u001b[31mred'];
  for (const [index, payload] of payloads.entries()) {
    await broker.publish({ topic: `in/${index}`, payload, retain: true, qos: 1, properties });
  }
  const { status, stdout } = await omqtt.run(['sub', ...at, 'in/#@2', '--json', '-C', '4', '-W', '4']);
  expect(status).toBe(0);
  expect(stdout.split('\n')).toHaveLength(5);

  await using client = await connect(broker.url);
  const copies = client.subscribe('in/#', { qos: 1, retainHandling: 2, retainAsPublished: true });
  await copies.ready;
  expect(await omqtt.run(['pub', ...at, '--ndjson'], { input: stdout })).toMatchObject({ status: 0, stderr: '' });
  for (const [index, payload] of payloads.entries()) {
    const copy = await copies.next({ timeoutMs: 5000 });
    expect(copy).toMatchObject({ topic: `in/${index}`, qos: 1, retain: true });
    // The broker takes off the seconds that a message waited.
    const { messageExpirySeconds, ...others } = properties;
    expect(copy.properties).toMatchObject(others);
    expect(messageExpirySeconds - (copy.properties.messageExpirySeconds ?? 0)).toBeLessThan(60);
    expect(Buffer.from(copy.payload)).toEqual(Buffer.from(payload));
  }
});

test('a payload comes from a file, from standard input, from each line, or from nothing', async () => {
  await using client = await connect(broker.url);
  const messages = client.subscribe('from/+', { qos: 1 });
  await messages.ready;
  const bytes = Uint8Array.of(1, 0, 255);
  writeFileSync(join(folder, 'payload'), bytes);
  await omqtt.run(['pub', ...at, 'from/file', '-f', join(folder, 'payload'), '-q', '1']);
  await omqtt.run(['pub', ...at, 'from/stdin', '-s', '-q', '1'], { input: bytes });
  await omqtt.run(['pub', ...at, 'from/lines', '-l', '-q', '1'], { input: 'one\ntwo' });
  await omqtt.run(['pub', ...at, 'from/nothing', '-n', '-q', '1']);
  await omqtt.run(['pub', ...at, 'from/hex', '01 00 ff', '--encode', 'hex', '-q', '1']);
  const got: (readonly [string, string])[] = [];
  for (let count = 0; count < 6; count += 1) {
    const message = await messages.next({ timeoutMs: 5000 });
    got.push([message.topic.slice(5), Buffer.from(message.payload).toString('latin1')]);
  }
  expect(got).toEqual([
    ['file', '\u0001\0ÿ'],
    ['stdin', '\u0001\0ÿ'],
    ['lines', 'one'],
    ['lines', 'two'],
    ['nothing', ''],
    ['hex', '\u0001\0ÿ'],
  ]);
});

test('templates count, and so many messages leave', async () => {
  const { status, stdout } = await omqtt.run([
    'pub',
    ...at,
    'many/{{i}}',
    'n={{i}}',
    '--template',
    '--count',
    '3',
    '--json',
    '-q',
    '2',
  ]);
  expect(status).toBe(0);
  const topics = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { topic: string }).topic);
  expect(topics.toSorted()).toEqual(['many/0', 'many/1', 'many/2']);
});

test('what went well is silent, and -v tells it on standard error', async () => {
  expect(await omqtt.run(['pub', ...at, 'a', 'b', '-q', '1'])).toMatchObject({ stdout: '', stderr: '' });
  const told = await omqtt.run(['pub', ...at, 'a', 'b', '-q', '1', '-v']);
  expect(told).toMatchObject({ stdout: '', stderr: 'published 1 bytes to a at QoS 1, nobody is subscribed\n' });
});

test('a format shows fields, parts of JSON payloads and user properties', async () => {
  await broker.publish({
    topic: 'f/json',
    payload: '{"temp":{"c":21.5}}',
    retain: true,
    properties: { userProperties: [['room', 'attic']] },
  });
  const format = '%t|%-8t|%q%r|{payload.json.temp.c:6}|{user.room}|%l|%%|\\t.';
  const { stdout } = await omqtt.run(['sub', ...at, 'f/json', '-C', '1', '-F', format]);
  expect(stdout).toBe('f/json|f/json  |01|  21.5|attic|19|%|\t.\n');
});

test('a format that is not understood is refused before anything is connected', async () => {
  const { status, stderr } = await omqtt.run(['sub', '-p', '1', 'a', '-F', '{nonsense}']);
  expect([status, stderr]).toEqual([2, expect.stringContaining('{nonsense}')]);
});

test('bytes go out as they are, or as hex, base64 and a dump', async () => {
  await retained('raw', Uint8Array.of(0x41, 0, 0xff));
  expect(await showRaw('-N')).toEqual(Buffer.of(0x41, 0, 0xff));
  expect(String(await showRaw('-o', 'hex'))).toBe('4100ff\n');
  expect(String(await showRaw('-o', 'base64'))).toBe('QQD/\n');
  expect(String(await showRaw('-o', 'hexdump'))).toMatch(/^00000000 {2}41 00 ff +\|A\.\.\|\n$/);
});

test('expressions pick messages, stop at one, and make the exit code', async () => {
  for (const [index, state] of ['booting', 'ready', 'late'].entries()) {
    await retained(`e/${index}`, JSON.stringify({ state, n: index }));
  }
  expect(await showStates('--until', 'payload.json.state=ready')).toMatchObject({
    status: 0,
    stdout: 'booting\nready\n',
  });
  expect(await showStates('--only', 'payload.json.n>0 and not topic:e/2', '-C', '1')).toMatchObject({
    stdout: 'ready\n',
  });
  expect(await showStates('--expect', '(topic=e/2 or "nothing") is:retain', '-C', '3')).toMatchObject({ status: 0 });
  expect(await showStates('--expect', 'payload.json.state~"^x"', '-C', '3')).toMatchObject({ status: 10 });
});

test('expressions are those of the inspector, and a mistake is marked before anything is connected', async () => {
  const properties = { contentType: 'text/plain', userProperties: [['room', 'attic']] as const };
  await broker.publish({ topic: 'language/1', payload: 'ON\0', retain: true, properties });
  const all =
    'type:publish prop.contentType=text/plain user.room:at* size>5 bytes:"4f 4e 00" -is:dup /^on/im qos in (0,1)';
  expect(await omqtt.run(['sub', ...at, 'language/+', '-W', '5', '--until', all])).toMatchObject({
    status: 0,
    stdout: 'ON\0\n',
  });
  const wrong = await omqtt.run(['sub', ...at, 'language/+', '--only', 'topic:f/+ and qso=1']);
  expect([wrong.status, wrong.stderr]).toEqual([
    2,
    'omqtt: --only: there is no field qso\n  topic:f/+ and qso=1\n                ^\n  see omqtt help expressions\n',
  ]);
  expect(await omqtt.run(['sub', ...at, 'language/+', '--expect', ' '])).toMatchObject({ status: 2 });
});

test('payloads are decoded by content type, by topic or as they are said to be', async () => {
  const cbor = Uint8Array.of(0xa1, 0x61, 0x74, 0xf9, 0x3c, 0x00);
  await broker.publish({ topic: 'd/1', payload: cbor, retain: true, properties: { contentType: 'application/cbor' } });
  await retained('d/2', Uint8Array.of(0x81, 0xa1, 0x74, 0x02));
  await retained('spBv1.0/plant/DDATA/edge/device', Uint8Array.of(0x18, 3));
  const show = (...args: string[]): ReturnType<typeof omqtt.run> =>
    omqtt.run(['sub', ...at, '-C', '1', '-W', '5', ...args]);
  expect(await show('d/1', '-o', 'decoded')).toMatchObject({ status: 0, stdout: '{"t":1}\n' });
  expect(await show('d/2', '-o', 'decoded', '--decode', 'msgpack')).toMatchObject({ stdout: '{"t":2}\n' });
  expect(await show('spBv1.0/#', '-o', 'decoded')).toMatchObject({ stdout: '{"seq":3}\n' });
  const record = await show('d/1', '--json', '--decode', 'auto');
  expect(JSON.parse(record.stdout)).toMatchObject({
    payload64: 'oWF0+TwA',
    decoded: { as: 'cbor', value: { t: 1 } },
  });
  expect(await show('d/2', '--json', '--decode', 'sparkplug')).toMatchObject({ status: 11, stdout: '' });
  // What was decoded does not come back: the bytes do.
  const copied = await omqtt.run(['pub', ...at, '--ndjson', '-t', 'copy'], { input: record.stdout });
  expect(copied).toMatchObject({ status: 0 });
});

test('retained messages can be left out, and others end what shows only retained ones', async () => {
  await retained('r/a', 'old');
  const { status, stdout } = await omqtt.run(['sub', ...at, 'r/a', '-R', '-W', '100ms']);
  expect([status, stdout]).toEqual([9, '']);
  const only = omqtt.start(['sub', ...at, 'r/#', '--retained-only']);
  await only.shows('old');
  await broker.publish({ topic: 'r/b', payload: 'new' });
  expect(await only.finished).toMatchObject({ status: 0, stdout: 'old\n' });
});

test('each payload goes to a file of its own, whose name cannot leave the folder', async () => {
  await retained('../../etc/x', 'payload');
  const { status } = await omqtt.run(['sub', ...at, '../#', '-C', '1', '--out-dir', join(folder, 'out')]);
  const [name = ''] = readdirSync(join(folder, 'out'));
  expect(status).toBe(0);
  expect(name).toMatch(/^\d+-000001-_etc_x\.payload$/);
  expect(readFileSync(join(folder, 'out', name), 'utf8')).toBe('payload');
});

test('a command gets each payload, and what is known of the message', async () => {
  await retained('x/y', 'to a command');
  const { stdout } = await omqtt.run(['sub', ...at, 'x/y', '-C', '1', '--exec', 'echo "$OMQTT_TOPIC: $(cat)"']);
  expect(stdout).toBe('x/y: to a command\n');
});

test('a pipe that is closed ends it with 0, and without a word', async () => {
  const running = omqtt.start(['sub', ...at, 'pipe/#', '-i', 'piped']);
  running.child.stdout.destroy();
  await retained('pipe/a', 'x');
  expect(await running.finished).toMatchObject({ status: 0, stderr: '' });
  expect(broker.clients.map(({ clientId }) => clientId)).not.toContain('piped');
});

test('a session that is kept has what came while nobody was there', async () => {
  const session = ['-c', '-i', 'keeper', '-q', '1'];
  await omqtt.run(['sub', ...at, 'kept', ...session, '-E']);
  await omqtt.run(['pub', ...at, 'kept', 'meanwhile', '-q', '1']);
  const { stdout } = await omqtt.run(['sub', ...at, 'kept', ...session, '-C', '1', '-W', '5']);
  expect(stdout).toBe('meanwhile\n');
});

test('a session in a file outlives the process', async () => {
  const session = ['--db', join(folder, 'state.db'), '-i', 'durable', '-q', '1'];
  await omqtt.run(['sub', ...at, 'stored', ...session, '-E']);
  await omqtt.run(['pub', ...at, 'stored', 'waited', '-q', '1']);
  const { status, stdout } = await omqtt.run(['sub', ...at, 'stored', ...session, '-C', '1', '-W', '5']);
  expect([status, stdout]).toEqual([0, 'waited\n']);
});

test('a connection that is lost comes back, and says so on standard error', async () => {
  await retained('back', 'there');
  const running = omqtt.start(['sub', ...at, 'back', '-i', 'lost', '-C', '2']);
  await running.shows('there');
  broker.cut('lost');
  const { status, stdout, stderr } = await running.finished;
  expect([status, stdout]).toEqual([0, 'there\nthere\n']);
  expect(stderr).toMatch(/next attempt in .*\nconnected again\n/s);
});

test('packets are shown on standard error, a line each, without the password [parity E48]', async () => {
  const { stderr } = await omqtt.run(['pub', ...at, 'a', 'b', '-d', '-u', 'me', '-P', 'geheim']);
  expect(stderr).toContain('-> CONNECT v5.0');
  expect(stderr).toContain('-> PUBLISH q0 a 1B "b"');
  expect(stderr).not.toContain('geheim');
});

test('an empty message takes away what is retained, and the command ends when the broker has it [parity E50]', async () => {
  await retained('away/1', 'there');
  expect(await omqtt.run(['pub', ...at, 'away/1', '-n', '-r', '-q', '1'])).toMatchObject({ status: 0, stderr: '' });
  const { status, stdout } = await omqtt.run(['sub', ...at, 'away/1', '-W', '100ms']);
  expect([status, stdout]).toEqual([9, '']);
  // At QoS 0 nothing is confirmed: it is on its way before the process ends.
  for (let turn = 0; turn < 5; turn += 1) {
    expect(await omqtt.run(['pub', ...at, 'away/2', String(turn), '-r'])).toMatchObject({ status: 0 });
    expect(await omqtt.run(['sub', ...at, 'away/2', '-C', '1', '-W', '5'])).toMatchObject({ stdout: `${turn}\n` });
  }
});
