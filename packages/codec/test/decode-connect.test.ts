import { describe, expect, test } from 'vitest';

import { CLIENT_ID, connect311, connect5, KEEP_ALIVE, NAME, NO_PROPERTIES } from './decode-connect-fields.ts';
import { asked, refusalOf, type Refused } from './decode-refusal.ts';
import type { Field } from './vectors/vector.ts';

describe('a will topic that no message can have is refused', () => {
  const empty = { problem: 'empty-topic', reasonCode: 0x82, statement: 'MQTT-4.7.3-1' } as const;
  const rows: readonly Refused[] = [
    { what: 'empty', fields: connect5(0x04, [0x00], [0x00, 0x00], [0x00, 0x00]), wrong: 8, ...empty },
    {
      what: 'empty in 3.1.1',
      fields: connect311(0x04, [0x00, 0x00], [0x00, 0x00]),
      wrong: 6,
      version: '3.1.1',
      ...empty,
    },
  ];
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });

  const wildcard = { problem: 'wildcard-in-topic', reasonCode: 0x90 } as const;
  const wildcards: readonly Refused[] = ['#', '+', 'a/#', 'a+/b'].flatMap((topic) => [
    { what: topic, fields: connect5(0x04, [0x00], [0x00, topic.length, topic], [0x00, 0x00]), wrong: 8, ...wildcard },
    {
      what: `${topic} in 3.1.1`,
      fields: connect311(0x04, [0x00, topic.length, topic], [0x00, 0x00]),
      wrong: 6,
      version: '3.1.1',
      ...wildcard,
    },
  ]);
  test.each(wildcards)('[5.0 MQTT-4.7.0-1] [3.1.1 MQTT-4.7.1-1] a wildcard: $what', (row) => {
    const statement = row.version === '3.1.1' ? 'MQTT-4.7.1-1' : 'MQTT-4.7.0-1';
    expect(refusalOf({ ...row, statement })).toStrictEqual(asked({ ...row, statement }));
  });
});

describe('Authentication Data without Authentication Method is a protocol error', () => {
  const rows: readonly Refused[] = [
    {
      what: 'in CONNECT',
      fields: [
        [0x10, 0x11], // CONNECT, 17 bytes follow
        NAME,
        [0x05], // protocol version
        [0x00], // no flags
        KEEP_ALIVE,
        [0x04, 0x16, 0x00, 0x01, 0x00], // authentication data and nothing else
        [0x00, 0x00], // client id
      ],
      wrong: 5,
      problem: 'no-authentication-method',
      reasonCode: 0x82,
    },
    {
      what: 'in CONNACK',
      fields: [
        [0x20, 0x07], // CONNACK, 7 bytes follow
        [0x00, 0x00], // session not present, success
        [0x04, 0x16, 0x00, 0x01, 0x00], // authentication data and nothing else
      ],
      wrong: 2,
      problem: 'no-authentication-method',
      reasonCode: 0x82,
    },
  ];
  test.each(rows)('$what', (row) => {
    expect(refusalOf(row)).toStrictEqual(asked(row));
  });
});

describe('a protocol that is not MQTT 5.0 or 3.1.1 is refused', () => {
  const rest: readonly Field[] = [[0x02], KEEP_ALIVE, NO_PROPERTIES, CLIENT_ID];
  const unsupported = { problem: 'unsupported-protocol', reasonCode: 0x84 } as const;
  const levels: readonly Refused[] = [
    { what: 'level 6', fields: [[0x10, 0x0e], NAME, [0x06], ...rest], wrong: 2, ...unsupported },
    { what: 'level 0', fields: [[0x10, 0x0e], NAME, [0x00], ...rest], wrong: 2, ...unsupported },
    { what: 'level 3', fields: [[0x10, 0x0e], NAME, [0x03], ...rest], wrong: 2, ...unsupported },
    { what: 'level 5 of a bridge', fields: [[0x10, 0x0e], NAME, [0x85], ...rest], wrong: 2, ...unsupported },
    { what: '3.1.1 where 5.0 was agreed', fields: connect311(0x02), wrong: 2, ...unsupported },
    { what: '5.0 where 3.1.1 was agreed', fields: connect5(0x02), wrong: 2, version: '3.1.1', ...unsupported },
  ];
  test.each(levels)('[3.1.1 MQTT-3.1.2-2] $what', (row) => {
    const statement = 'MQTT-3.1.2-2';
    expect(refusalOf({ ...row, statement })).toStrictEqual(asked({ ...row, statement }));
  });

  const names: readonly Refused[] = [
    { what: 'MQIsdp', fields: [[0x10, 0x10], [0x00, 0x06, 'MQIsdp'], [0x03], ...rest], wrong: 2, ...unsupported },
    { what: 'mqtt', fields: [[0x10, 0x0e], [0x00, 0x04, 'mqtt'], [0x05], ...rest], wrong: 2, ...unsupported },
    { what: 'MQTT5', fields: [[0x10, 0x0f], [0x00, 0x05, 'MQTT5'], [0x05], ...rest], wrong: 2, ...unsupported },
    { what: 'no name', fields: [[0x10, 0x0a], [0x00, 0x00], [0x05], ...rest], wrong: 2, ...unsupported },
  ];
  test.each(names)('[5.0 MQTT-3.1.2-1] [3.1.1 MQTT-3.1.2-1] $what', (row) => {
    const statement = 'MQTT-3.1.2-1';
    expect(refusalOf({ ...row, statement })).toStrictEqual(asked({ ...row, statement }));
  });
});
