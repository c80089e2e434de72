import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFilter, completeFilter, filterFields, filterFlags, type PacketRecord } from '../../src/index.ts';
import { bytesOf } from '../../src/platform-text.ts';
import { tell } from '../conversation.ts';
import { ack, client, connack, connect, publish, server, subscribe, suback, wait } from '../packets.ts';

const { records } = tell([
  connect({ clientId: 'dev-1', will: { topic: 'w', payload: new Uint8Array(0), qos: 0, retain: false } }),
  connack(),
  client(
    publish({
      topic: 'sensors/1/temp',
      qos: 1,
      packetId: 7,
      payload: bytesOf('{"temp":21.5,"unit":"C"}'),
      properties: { userProperties: [['site', 'north']], contentType: 'application/json' },
    }),
  ),
  wait(250),
  server(ack('puback', 7, 0x87)),
  client(subscribe({ filter: 'a/#', qos: 1 }, 9)),
  server(suback(9, [1])),
  server(publish({ topic: 'a/b', retain: true, payload: bytesOf('Hello') })),
  client('c000'),
  client('360700016100010078'),
]);

function numbersOf(text: string): number[] {
  const { matches, problems } = compileFilter(text);
  expect(problems).toEqual([]);
  return records.filter((record) => matches?.(record)).map(({ number }) => number);
}

test.each([
  ['', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ['type:publish', [3, 7, 9]],
  ['type:publish dir:c2s qos>=1', [3, 9]],
  ['type:publish and dir:s2c', [7]],
  ['type:connect or type:connack', [1, 2]],
  ['-type:publish -type:pingreq', [1, 2, 4, 5, 6]],
  ['not (type:publish or type:pingreq)', [1, 2, 4, 5, 6]],
  ['client:dev-*', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ['client:dev', []],
  ['topic:sensors/+/temp', [3]],
  ['topic:#', [3, 7, 9]],
  ['topic="a/b"', [7]],
  ['topic~/^SENS/i', [3]],
  ['filter:"a/#"', [5]],
  ['rc>=0x80', [4]],
  ['rcname:not*', [4]],
  ['rtt>200ms', [3, 4]],
  ['rtt>1s', []],
  ['payload.json.temp>20', [3]],
  ['payload.temp>22', []],
  ['payload.json.unit=C', [3]],
  ['user.site:north', [3]],
  ['prop.contentType:json', [3]],
  ['pid in (7, 9)', [3, 4, 5, 6]],
  ['is:retain', [7]],
  ['is:will', [1]],
  ['is:refused', [3, 4]],
  ['is:malformed', [9]],
  ['has:lint', [9]],
  ['lint:MQTT-3.3.1-4', [9]],
  ['severity:error', [9]],
  ['"hello"', [7]],
  ['hello', [7]],
  ['/hel+o/i', [7]],
  ['bytes:"c0 ??"', [8]],
  ['version:5.0 keepalive=60', [1]],
  ['size<3', [8]],
  ['time>=12:00 time<12:01', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ['pair:open', [8, 9]],
  ['number<=2', [1, 2]],
])('%s', (text, numbers) => {
  expect(numbersOf(text)).toEqual(numbers);
});

describe('problems have a place', () => {
  test.each([
    ['type:publsh', 5, 11],
    ['size>many', 5, 9],
    ['nofield:1', 0, 7],
    ['prop.nothing:1', 0, 12],
    ['(type:publish', 0, 1],
    ['type:publish)', 12, 13],
    ['type:publish or', 15, 15],
    ['"open', 0, 5],
    ['topic:a/#/b', 6, 11],
    ['topic~/(/', 6, 9],
    ['is:odd', 3, 6],
    ['bytes:xyz', 6, 9],
    ['qos:', 0, 4],
    ['not', 3, 3],
    ['pid in (1', 0, 9],
  ])('%s', (text, start, end) => {
    const { matches, problems } = compileFilter(text);
    expect(matches).toBeUndefined();
    expect(problems[0]).toMatchObject({ start, end });
    expect(problems[0]?.message).not.toBe('');
  });

  test('one mistake does not hide the next', () => {
    expect(compileFilter('size>many and is:odd').problems).toHaveLength(2);
  });
});

test('whatever is typed, there is either a filter or a problem within the text', () => {
  const words = fc.constantFrom(
    'type:publish',
    'size>1k',
    '(',
    ')',
    'and',
    'or',
    'not',
    '-',
    '"',
    '/x/',
    'pid in (1',
    ':',
    '"a"',
    '\\',
    'topic:+',
  );
  const texts = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.array(words, { maxLength: 12 }).map((list) => list.join(' ')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { matches, problems } = compileFilter(text);
      expect(matches === undefined).toBe(problems.length > 0);
      for (const { start, end } of problems) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(text.length);
      }
      for (const record of records) matches?.(record);
      for (let cursor = 0; cursor <= text.length; cursor += 1) completeFilter(text, cursor);
    }),
    { numRuns: 500 },
  );
});

test('filters obey the laws of logic', () => {
  const terms = fc.constantFrom('type:publish', 'dir:c2s', 'qos>=1', 'is:retain', 'has:lint', 'rtt>1ms', '"hello"');
  const tree = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 4 },
      terms,
      fc.tuple(tie('expression'), tie('expression')).map(([one, other]) => `(${one} or ${other})`),
      fc.tuple(tie('expression'), tie('expression')).map(([one, other]) => `(${one} ${other})`),
      tie('expression').map((one) => `not ${one}`),
    ),
  })).expression;
  fc.assert(
    fc.property(tree, tree, (one, other) => {
      const none = numbersOf(`not (${one} or ${other})`);
      expect(none).toEqual(numbersOf(`not (${one}) and not (${other})`));
      expect([...numbersOf(one), ...numbersOf(`-(${one})`)].toSorted((a, b) => a - b)).toEqual(
        records.map(({ number }) => number),
      );
      expect(numbersOf(`${one} and ${other}`)).toEqual(numbersOf(`${other} and ${one}`));
    }),
    { numRuns: 200 },
  );
});

describe('completion', () => {
  test('offers fields, then the words of the field', () => {
    expect(completeFilter('ty', 2)).toMatchObject({ start: 0, end: 2, options: [{ text: 'type:' }] });
    const { start, options } = completeFilter('dir:c2s type:pub', 16);
    expect(start).toBe(13);
    expect(options.map(({ text }) => text)).toEqual(['publish', 'puback', 'pubrec', 'pubrel', 'pubcomp']);
    expect(completeFilter('-is:ret', 7).options.map(({ text }) => text)).toEqual(['retain']);
    expect(completeFilter('lint:MQTT-3.3.1-4', 17).options.map(({ text }) => text)).toEqual(['MQTT-3.3.1-4']);
  });

  test('every field and flag that is offered is known to the compiler', () => {
    for (const name of Object.keys(filterFlags)) expect(compileFilter(`is:${name}`).problems).toEqual([]);
    for (const name of Object.keys(filterFields)) expect(compileFilter(`has:${name}`).problems).toEqual([]);
  });
});

test('the age of a packet counts from the time that is given', () => {
  const { matches } = compileFilter('age>1m');
  const [record] = records as [PacketRecord];
  expect(matches?.(record, record.at + 59_000)).toBe(false);
  expect(matches?.(record, record.at + 61_000)).toBe(true);
});
