import { assert, property, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCbor } from '../../src/payload/cbor.ts';
import { writeValue } from '../../src/payload/decoded-value.ts';
import { readMessagePack } from '../../src/payload/message-pack.ts';
import { plainValue } from '../../src/payload/plain-value.ts';
import { readSparkplug } from '../../src/payload/sparkplug.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const written = (found: { readonly value: Parameters<typeof writeValue>[0] } | undefined): string | undefined =>
  found && writeValue(found.value).replace(/\s+/g, ' ');

/** Field, type and value of a protocol buffer. */
const field = (number: number, ...bytes: readonly number[]): number[] => [(number << 3) | 0, ...bytes];
const part = (number: number, bytes: readonly number[]): number[] => [(number << 3) | 2, bytes.length, ...bytes];
const utf8 = (value: string): number[] => [...Buffer.from(value)];
const double = (value: number): number[] => {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(value);
  return [...buffer];
};
const tag = (number: number, wire: number): number[] => [(((number << 3) | wire) & 0x7f) | 0x80, (number << 3) >> 7];
const read = (...bytes: readonly number[]): unknown => {
  const found = readSparkplug(Uint8Array.from(bytes));
  return found && plainValue(found.value);
};

describe('CBOR', () => {
  // Examples of RFC 8949, Appendix A.
  test.each([
    ['00', '0'],
    ['1b 00 00 00 e8 d4 a5 10 00', '1000000000000'],
    ['1b ff ff ff ff ff ff ff ff', '18446744073709551615'],
    ['38 63', '-100'],
    ['3b ff ff ff ff ff ff ff ff', '-18446744073709551616'],
    ['f9 3c 00', '1'],
    ['f9 00 01', '5.960464477539063e-8'],
    ['f9 7c 00', 'Infinity'],
    ['fb 3f f1 99 99 99 99 99 9a', '1.1'],
    ['f5', 'true'],
    ['f6', 'null'],
    ['c1 1a 51 4b 67 b0', '1(1363896240)'],
    ['44 01 02 03 04', "h'01 02 03 04'"],
    ['62 c3 bc', '"ü"'],
    ['83 01 82 02 03 82 04 05', '[ 1, [ 2, 3 ], [ 4, 5 ] ]'],
    ['a2 61 61 01 61 62 82 02 03', '{ "a": 1, "b": [ 2, 3 ] }'],
    ['5f 42 01 02 43 03 04 05 ff', "h'01 02 03 04 05'"],
    ['7f 65 73 74 72 65 61 64 6d 69 6e 67 ff', '"streaming"'],
    ['bf 63 46 75 6e f5 63 41 6d 74 21 ff', '{ "Fun": true, "Amt": -2 }'],
  ])('%s is %s', (bytes, text) => {
    expect(written(readCbor(hex(bytes)))).toBe(text);
  });

  test.each([
    '',
    '18',
    '62 c3',
    'ff',
    '82 01',
    '01 02',
    '62 ff ff',
    `${'81'.repeat(100)}01`,
    '9b ff ff ff ff ff ff ff ff',
  ])('%s is none', (bytes) => {
    expect(readCbor(hex(bytes))).toBeUndefined();
  });
});

describe('MessagePack', () => {
  test.each([
    ['07', '7'],
    ['ff', '-1'],
    ['c0', 'null'],
    ['d1 80 00', '-32768'],
    ['cf 00 1f ff ff ff ff ff ff', '9007199254740991'],
    ['cb 3f f1 99 99 99 99 99 9a', '1.1'],
    ['a2 c3 bc', '"ü"'],
    ['82 a7 63 6f 6d 70 61 63 74 c3 a6 73 63 68 65 6d 61 00', '{ "compact": true, "schema": 0 }'],
    ['93 01 02 c4 01 ff', "[ 1, 2, h'ff' ]"],
    ['d6 ff 51 4b 67 b0', "-1(h'51 4b 67 b0')"],
    ['de 00 01 01 02', '{ 1: 2 }'],
  ])('%s is %s', (bytes, text) => {
    expect(written(readMessagePack(hex(bytes)))).toBe(text);
  });

  test.each(['', 'c1', 'a2 61', '92 01', '01 02', 'dd ff ff ff ff', '91'.repeat(100)])('%s is none', (bytes) => {
    expect(readMessagePack(hex(bytes))).toBeUndefined();
  });
});

describe('Sparkplug B', () => {
  test('a payload has a time, metrics with values of their types, and a sequence number', () => {
    const temperature = [...part(1, utf8('temp')), ...field(2, 7), ...field(4, 10), (13 << 3) | 1, ...double(21.5)];
    const cold = [...part(1, utf8('cold')), ...field(4, 3), ...field(10, 0xfe, 0xff, 0xff, 0xff, 0x0f)];
    const far = [...field(4, 4), ...field(11, ...Array<number>(9).fill(0xff), 1)];
    const on = [...part(1, utf8('on')), ...field(4, 11), ...field(14, 1)];
    const gone = [...part(1, utf8('gone')), ...field(4, 12), ...field(7, 1)];
    const metrics = [temperature, cold, far, on, gone].flatMap((metric) => part(2, metric));
    expect(read(...field(1, 0xe8, 7), ...metrics, ...field(3, 2))).toEqual({
      timestamp: 1000,
      metrics: [
        { name: 'temp', alias: 7, datatype: 'Double', value: 21.5 },
        { name: 'cold', datatype: 'Int32', value: -2 },
        { datatype: 'Int64', value: -1 },
        { name: 'on', datatype: 'Boolean', value: true },
        { name: 'gone', datatype: 'String', isNull: true },
      ],
      seq: 2,
    });
  });

  test('data sets, templates, properties and metadata are read', () => {
    const row = [...part(1, field(1, 5)), ...part(1, part(6, utf8('x')))];
    const set = [...field(1, 2), ...part(2, utf8('a')), ...part(2, utf8('b')), ...part(3, [7, 12]), ...part(4, row)];
    const dataSet = [...field(4, 16), ...tag(17, 2), set.length, ...set];
    const template = [...part(1, utf8('v1')), ...part(2, [...field(4, 11), ...field(14, 0)]), ...field(5, 1)];
    const templated = [...field(4, 19), ...tag(18, 2), template.length, ...template];
    const properties = [...part(1, utf8('unit')), ...part(2, [...field(1, 12), ...part(8, utf8('°C'))])];
    const described = [...part(8, part(8, utf8('why'))), ...part(9, properties), ...field(4, 7), ...field(10, 1)];
    expect(read(...[dataSet, templated, described].flatMap((metric) => part(2, metric)))).toEqual({
      metrics: [
        {
          datatype: 'DataSet',
          value: {
            columnCount: 2,
            columns: ['a', 'b'],
            types: ['UInt32', 'String'],
            rows: [{ elements: [{ value: 5 }, { value: 'x' }] }],
          },
        },
        {
          datatype: 'Template',
          value: { version: 'v1', metrics: [{ datatype: 'Boolean', value: false }], isDefinition: true },
        },
        {
          metadata: { description: 'why' },
          properties: { keys: ['unit'], values: [{ type: 'String', value: '°C' }] },
          datatype: 'UInt32',
          value: 1,
        },
      ],
    });
  });

  test.each(['', '0a', '12 05 0a', '08', '08 ff ff ff ff ff ff ff ff ff ff 01', '0b', '6f 6e'])(
    '%s is none',
    (bytes) => {
      expect(readSparkplug(hex(bytes))).toBeUndefined();
    },
  );

  test('nothing is read for ever', () => {
    let nested: number[] = [];
    for (let level = 0; level < 100; level += 1) {
      const metric = [...tag(18, 2), (nested.length & 0x7f) | 0x80, nested.length >> 7, ...nested];
      nested = [(2 << 3) | 2, (metric.length & 0x7f) | 0x80, metric.length >> 7, ...metric];
    }
    expect(readSparkplug(Uint8Array.from(nested))).toBeUndefined();
  });
});

describe('a decoded value as JSON has it', () => {
  test.each([
    [
      'a2 61 61 01 01 62 78 79',
      {
        $pairs: [
          ['a', 1],
          [1, 'xy'],
        ],
      },
    ],
    [
      '82 a1 61 01 a1 61 02',
      {
        $pairs: [
          ['a', 1],
          ['a', 2],
        ],
      },
    ],
    ['81 a9 5f 5f 70 72 6f 74 6f 5f 5f 01', JSON.parse('{"__proto__":1}')],
    ['c4 02 00 ff', { $bytes: 'AP8=' }],
    ['cf ff ff ff ff ff ff ff ff', '18446744073709551615'],
    ['ca 7f c0 00 00', 'NaN'],
  ])('%s is %j', (bytes, expected) => {
    const found = bytes.startsWith('a2') ? readCbor(hex(bytes)) : readMessagePack(hex(bytes));
    expect(plainValue(found?.value)).toEqual(expected);
  });
});

test('no bytes make any of them throw, or find more than there is', () => {
  assert(
    property(uint8Array({ maxLength: 64 }), (bytes) => {
      const texts = [readCbor(bytes), readMessagePack(bytes), readSparkplug(bytes)].map((found) =>
        found ? writeValue(found.value) : '',
      );
      for (const text of texts) expect(text.length).toBeLessThanOrEqual(bytes.length * 400);
    }),
    { numRuns: 5000 },
  );
});
