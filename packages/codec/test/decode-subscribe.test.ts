import { describe, expect, test } from 'vitest';

import { decode } from '../src/index.ts';
import { asked, errorOf, refusalOf, type Refused } from './decode-refusal.ts';
import { octets, type Field } from './vectors/vector.ts';

const ID: Field = [0x00, 0x01];
const T: Field = [0x00, 0x01, 't'];
const v3 = { version: '3.1.1' } as const;

function refused(rows: readonly Refused[]): void {
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
}

function subscribe5(filter: string, options: number): readonly Field[] {
  return [[0x82, 0x06 + filter.length], ID, [0x00], [0x00, filter.length, filter], [options]];
}

function subscribe311(filter: string, options: number): readonly Field[] {
  return [[0x82, 0x05 + filter.length], ID, [0x00, filter.length, filter], [options]];
}

describe('[5.0 MQTT-3.8.3-5] [3.1.1 MQTT-3.8.3-4] reserved subscription options are malformed', () => {
  const facts = { problem: 'reserved-options', reasonCode: 0x81 } as const;
  const statement5 = 'MQTT-3.8.3-5';
  const statement311 = 'MQTT-3.8.3-4';
  const rows5 = [0x40, 0x80, 0xc0, 0x41].map((options) => ({
    what: `options ${options}`,
    fields: subscribe5('t', options),
    wrong: 4,
    statement: statement5,
    ...facts,
  }));
  const rows311 = [0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x05].map((options) => ({
    what: `options ${options} in 3.1.1`,
    fields: subscribe311('t', options),
    wrong: 3,
    statement: statement311,
    ...v3,
    ...facts,
  }));
  refused([...rows5, ...rows311]);
});

describe('options with a value that does not exist are a protocol error', () => {
  const facts = { problem: 'bad-options', reasonCode: 0x82 } as const;
  refused([
    { what: 'QoS 3', fields: subscribe5('t', 0x03), wrong: 4, ...facts },
    { what: 'retain handling 3', fields: subscribe5('t', 0x30), wrong: 4, ...facts },
    { what: 'both', fields: subscribe5('t', 0x3f), wrong: 4, ...facts },
    {
      what: 'the second of two',
      fields: [[0x82, 0x0b], ID, [0x00], T, [0x01], T, [0x03]],
      wrong: 6,
      ...facts,
    },
  ]);

  test('[3.1.1 MQTT-3.8.3-4] QoS 3 in 3.1.1', () => {
    expect(errorOf(octets(subscribe311('t', 0x03)), '3.1.1')).toMatchObject({
      problem: 'reserved-options',
      reasonCode: 0x81,
      statement: 'MQTT-3.8.3-4',
    });
  });
});

describe('[5.0 MQTT-3.8.3-4] no local on a shared subscription is a protocol error', () => {
  const facts = { problem: 'bad-options', reasonCode: 0x82, statement: 'MQTT-3.8.3-4', wrong: 4 } as const;
  refused([
    { what: '$share/g/t', fields: subscribe5('$share/g/t', 0x04), ...facts },
    { what: '$share/g/# with other options', fields: subscribe5('$share/g/#', 0x2e), ...facts },
  ]);

  test('but not on a filter that only looks alike', () => {
    for (const filter of ['$shared/g/t', '$Share/g/t', '$SHARE/g/t', 'x/$share/g', '$sharex']) {
      expect(decode(octets(subscribe5(filter, 0x04)), '5.0')).toMatchObject({
        subscriptions: [{ filter, noLocal: true }],
      });
    }
  });
});

describe('[5.0 MQTT-3.8.3-2, MQTT-3.10.3-2] [3.1.1 MQTT-3.8.3-3, MQTT-3.10.3-2] a request without filters is a protocol error', () => {
  const facts = { problem: 'no-filters', reasonCode: 0x82 } as const;
  const unsubscribe = { ...facts, statement: 'MQTT-3.10.3-2' };
  refused([
    { what: 'SUBSCRIBE', fields: [[0x82, 0x03], ID, [0x00]], wrong: 2, statement: 'MQTT-3.8.3-2', ...facts },
    { what: 'SUBSCRIBE in 3.1.1', fields: [[0x82, 0x02], ID], wrong: 1, statement: 'MQTT-3.8.3-3', ...v3, ...facts },
    { what: 'UNSUBSCRIBE', fields: [[0xa2, 0x03], ID, [0x00]], wrong: 2, ...unsubscribe },
    { what: 'UNSUBSCRIBE in 3.1.1', fields: [[0xa2, 0x02], ID], wrong: 1, ...v3, ...unsubscribe },
  ]);
});

interface BadFilter {
  readonly filter: string;
  readonly problem: Refused['problem'];
  readonly reasonCode: number;
}

/** SUBSCRIBE and UNSUBSCRIBE of 5.0 with that filter. */
function requests5({ filter, ...facts }: BadFilter): Refused[] {
  const field: Field = [0x00, filter.length, filter];
  return [
    { what: `SUBSCRIBE ${filter}`, fields: subscribe5(filter, 0x00), wrong: 3, ...facts },
    { what: `UNSUBSCRIBE ${filter}`, fields: [[0xa2, 0x05 + filter.length], ID, [0x00], field], wrong: 3, ...facts },
  ];
}

function requests311({ filter, ...facts }: BadFilter): Refused[] {
  const field: Field = [0x00, filter.length, filter];
  return [
    { what: `SUBSCRIBE ${filter} in 3.1.1`, fields: subscribe311(filter, 0x00), wrong: 2, ...v3, ...facts },
    {
      what: `UNSUBSCRIBE ${filter} in 3.1.1`,
      fields: [[0xa2, 0x04 + filter.length], ID, field],
      wrong: 2,
      ...v3,
      ...facts,
    },
  ];
}

const hash = { problem: 'misplaced-hash', reasonCode: 0x8f } as const;
const plus = { problem: 'misplaced-plus', reasonCode: 0x8f } as const;

describe('[5.0 MQTT-4.7.1-1] [3.1.1 MQTT-4.7.1-2] # that is not the whole last level is refused', () => {
  const rows = ['a#', '#/', '#/a', 'a/#/b', '##', 'a/b#', '+#'].map((filter) => ({ filter, ...hash }));
  refused([...rows.flatMap(requests5), ...rows.flatMap(requests311)]);
});

describe('[5.0 MQTT-4.7.1-2] [3.1.1 MQTT-4.7.1-3] + that is not a whole level is refused', () => {
  const rows = ['a+', '+a', 'a/+b', 'a/b+/c', '++', '+/++'].map((filter) => ({ filter, ...plus }));
  refused([...rows.flatMap(requests5), ...rows.flatMap(requests311)]);
});

describe('[5.0 MQTT-4.7.3-1] [3.1.1 MQTT-4.7.3-1] an empty filter is refused', () => {
  const empty = { filter: '', problem: 'empty-filter', reasonCode: 0x8f } as const;
  refused([...requests5(empty), ...requests311(empty)]);
});

describe('[5.0 MQTT-4.8.2-1, MQTT-4.8.2-2] a shared filter without name or filter is refused', () => {
  const names = ['$share', '$share/', '$share//t', '$share/g', '$share/g/', '$share/g+/t', '$share/#/t', '$share/+/t'];
  refused(names.map((filter) => ({ filter, problem: 'bad-share', reasonCode: 0x8f }) as const).flatMap(requests5));
  refused(requests5({ filter: '$share/g/a#', ...hash }));
  refused(requests5({ filter: '$share/g/a+', ...plus }));
});

describe('filters that look odd but are sound are read', () => {
  const filters = ['/', '//', '#', '+', '/#', '+/+', '+//#', '$share/g//t', '$share/g/+/#', '$SYS/#', ' ', '$'];
  test.each(filters)('%s', (filter) => {
    expect(decode(octets(subscribe5(filter, 0x01)), '5.0')).toMatchObject({ subscriptions: [{ filter, qos: 1 }] });
    expect(decode(octets(subscribe311(filter, 0x01)), '3.1.1')).toMatchObject({ subscriptions: [{ filter, qos: 1 }] });
  });

  test('in 3.1.1, which has no shared subscriptions, $share is a level like any other', () => {
    for (const filter of ['$share', '$share/', '$share//t', '$share/g', '$share/+/t']) {
      expect(decode(octets(subscribe311(filter, 0x00)), '3.1.1')).toMatchObject({ subscriptions: [{ filter }] });
    }
  });
});

describe('[5.0 MQTT-3.8.4-6] [3.1.1 MQTT-3.8.4-5] an answer without reason codes is refused', () => {
  const facts = { problem: 'no-reason-codes', reasonCode: 0x82 } as const;
  refused([
    { what: 'SUBACK', fields: [[0x90, 0x03], ID, [0x00]], wrong: 2, ...facts, statement: 'MQTT-3.8.4-6' },
    { what: 'SUBACK in 3.1.1', fields: [[0x90, 0x02], ID], wrong: 1, ...v3, ...facts, statement: 'MQTT-3.8.4-5' },
    { what: 'UNSUBACK', fields: [[0xb0, 0x03], ID, [0x00]], wrong: 2, ...facts },
  ]);

  test('and no statement is named for UNSUBACK, for which there is none', () => {
    expect(errorOf(octets([[0xb0, 0x03], ID, [0x00]]), '5.0')).toHaveProperty('statement', undefined);
  });

  test('and otherwise read with as many as were sent', () => {
    const suback = octets([[0x90, 0x06], ID, [0x00], [0x02, 0x00, 0x80]]);
    const unsuback = octets([[0xb0, 0x06], ID, [0x00], [0x11, 0x00, 0x8f]]);
    expect(decode(suback, '5.0')).toMatchObject({ reasonCodes: [2, 0, 0x80] });
    expect(decode(unsuback, '5.0')).toMatchObject({ reasonCodes: [0x11, 0, 0x8f] });
    expect(decode(octets([[0x90, 0x05], ID, [0x02, 0x00, 0x80]]), '3.1.1')).toMatchObject({
      reasonCodes: [2, 0, 0x80],
    });
  });
});

test('every byte of subscription options is refused or read bit by bit', () => {
  const read = Array.from({ length: 0x30 }, (_, options) => options).filter((options) => options % 4 < 3);
  for (const options of read) {
    const [high, low] = [Math.floor(options / 16), options % 16];
    expect(decode(octets(subscribe5('t', options)), '5.0')).toStrictEqual({
      type: 'subscribe',
      packetId: 1,
      subscriptions: [
        { filter: 't', qos: low % 4, noLocal: low % 8 >= 4, retainAsPublished: low >= 8, retainHandling: high },
      ],
    });
  }
  const refusedOnes = Array.from({ length: 256 }, (_, options) => options).filter((options) => !read.includes(options));
  for (const options of refusedOnes) {
    const problem = options >= 0x40 ? 'reserved-options' : 'bad-options';
    expect([options, errorOf(octets(subscribe5('t', options)), '5.0').problem]).toStrictEqual([options, problem]);
  }
});
