import { execFileSync } from 'node:child_process';
import { encode, type Packet } from '@omqtt/codec';
import { Inspection, type PacketRecord } from '@omqtt/inspect';
import { expect, test } from 'vitest';
import { mosquittoCommand, omqttCommand, quote } from '../../page/copy/commands.ts';
import { clientCall, testVector } from '../../page/copy/code.ts';

const URL_OF_BROKER = 'mqtt://127.0.0.1:1884';

function recordOf(packet: Packet): PacketRecord {
  const inspection = new Inspection();
  inspection.open('one', { at: 1 });
  const [record] = inspection.bytes('one', 'c2s', { at: 1, chunk: encode(packet, '5.0') });
  if (!record) throw new Error('This is no packet.');
  return record;
}

const publish = (topic: string, payload: Uint8Array, more: object = {}): PacketRecord =>
  recordOf({ type: 'publish', topic, qos: 0, dup: false, retain: false, payload, ...more });
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The words that a shell makes of it. */
function wordsOf(command: string): string[] {
  const script = `set -- ${command}\nfor word; do printf '%s\\0' "$word"; done`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

test.each(["it's", '$(touch x) `id` "x" \\ ; & | > <', '-r', '*', '~', '!!', ''])(
  'a shell takes %s as it is',
  (text) => {
    expect(wordsOf(`x ${quote(text)}`)).toEqual(['x', text]);
    const command = omqttCommand(publish(`t/${text.replaceAll(/[*+#]/g, '')}`, utf8(text || 'x')), URL_OF_BROKER) ?? '';
    expect(wordsOf(command)).toContain(`--message=${text || 'x'}`);
  },
);

test('bytes go as hex, or through printf', () => {
  const record = publish('a', Uint8Array.of(0, 0x27, 0xff, 0x0a), { retain: true });
  expect(omqttCommand(record, URL_OF_BROKER)).toBe(`omqtt pub --url ${URL_OF_BROKER} -r --encode hex -m 0027ff0a a`);
  const [printf = ''] = (mosquittoCommand(record, URL_OF_BROKER) ?? '').split(' | ');
  expect([...execFileSync('sh', ['-c', printf])]).toEqual([0, 0x27, 0xff, 0x0a]);
});

test('properties of a request are in the command and in the code', () => {
  const properties = {
    responseTopic: 'r/1',
    correlationData: Uint8Array.of(1, 2),
    userProperties: [['site', 'north side']],
    messageExpirySeconds: 9,
  };
  const record = publish('a', utf8('when?'), { properties });
  const words = wordsOf(omqttCommand(record, URL_OF_BROKER) ?? '');
  expect(words).toEqual(
    expect.arrayContaining(['-e', 'r/1', '--correlation', 'hex:0102', '--user', 'site=north side', '--expiry', '9s']),
  );
  expect(clientCall(record)).toContain('userProperties: [["site","north side"]]');
});

test('a SUBSCRIBE becomes a command with the QoS of each filter', () => {
  const options = { noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
  const subscriptions = [
    { filter: 'a/+', qos: 1, ...options },
    { filter: 'b/#', qos: 0, ...options },
  ] as const;
  const record = recordOf({ type: 'subscribe', packetId: 1, subscriptions });
  expect(wordsOf(omqttCommand(record, URL_OF_BROKER) ?? '').slice(-2)).toEqual(['a/+@1', 'b/#@0']);
  expect(wordsOf(mosquittoCommand(record, URL_OF_BROKER) ?? '').slice(-6)).toEqual([
    '-q',
    '1',
    '-t',
    'a/+',
    '-t',
    'b/#',
  ]);
  expect(clientCall(record)).toBe('client.subscribe(["a/+", "b/#"], { qos: 1 });');
});

test('nothing that could hide in a terminal is written into a command', () => {
  for (const hidden of ['\u001b[2J', '\u202e', '\n', '\u200b']) {
    expect(omqttCommand(publish(`a${hidden}`, utf8('x')), URL_OF_BROKER)).toBeUndefined();
    expect(omqttCommand(publish('a', utf8(hidden)), URL_OF_BROKER)).toContain('--encode hex');
  }
});

test('a test vector is code whose bytes are those of the packet', () => {
  const record = publish('a/b', utf8('hello'), { qos: 1, packetId: 9, properties: { contentType: 'text/plain' } });
  const code = testVector(record);
  expect(code).toContain('// packetId');
  const bytes = code.match(/0x[0-9a-f]{2}/g)?.map(Number);
  expect(bytes).toEqual([...record.bytes]);
});

test('a message of which only the beginning was kept is no command and no call, because they would send less', () => {
  const inspection = new Inspection({ limits: { maximumKeptPacketBytes: 64 } });
  inspection.open('one', { at: 1 });
  const chunk = encode(
    { type: 'publish', topic: 'a', qos: 0, dup: false, retain: false, payload: new Uint8Array(200) },
    '5.0',
  );
  const [record] = inspection.bytes('one', 'c2s', { at: 1, chunk });
  if (!record) throw new Error('This is no packet.');
  expect(omqttCommand(record, URL_OF_BROKER)).toBeUndefined();
  expect(mosquittoCommand(record, URL_OF_BROKER)).toBeUndefined();
  expect(clientCall(record)).toBeUndefined();
  expect(testVector(record)).toContain('const publish');
});
