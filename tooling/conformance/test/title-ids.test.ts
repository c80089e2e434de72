import { describe, expect, test } from 'vitest';

import { readTitleIds } from '../src/title-ids.ts';

describe('readTitleIds', () => {
  test('one bracket names one statement', () => {
    expect(readTitleIds('[5.0 MQTT-1.5.4-1] a string is UTF-8')).toEqual({
      ids: [{ version: '5.0', id: 'MQTT-1.5.4-1' }],
      faults: [],
    });
  });

  test('one bracket names several statements, two brackets both versions', () => {
    const title = 'a [5.0 MQTT-1.5.4-1, MQTT-4.2-1] b [3.1.1 MQTT-1.5.3-1]';
    expect(readTitleIds(title)).toEqual({
      ids: [
        { version: '5.0', id: 'MQTT-1.5.4-1' },
        { version: '5.0', id: 'MQTT-4.2-1' },
        { version: '3.1.1', id: 'MQTT-1.5.3-1' },
      ],
      faults: [],
    });
  });

  test.each([
    ['no bracket at all'],
    ['an empty list [] is refused'],
    ['bytes [5, 4] and [0x30, 0x00] and [5.0]'],
    ['[3 of 5] packets of an MQTT-5.0 stream'],
    ['the sub-protocol list [mqtt] names [MQTT 3.1.1]'],
  ])('%j names nothing', (title) => {
    expect(readTitleIds(title)).toEqual({ ids: [], faults: [] });
  });

  test.each([
    ['[MQTT-1.5.4-1] a', 'names no version'],
    ['[ MQTT-1.5.4-1] a', 'names no version'],
    ['[4.0 MQTT-1.5.4-1] a', 'malformed'],
    ['[5 MQTT-1.5.4-1] a', 'malformed'],
    ['[v5.0 MQTT-1.5.4-1] a', 'malformed'],
    ['[5.0  MQTT-1.5.4-1] a', 'malformed'],
    ['[5.0 MQTT-1.5.4-1,MQTT-1.5.4-2] a', 'malformed'],
    ['[5.0 MQTT-1.5.4-1 MQTT-1.5.4-2] a', 'malformed'],
    ['[5.0 MQTT-1.5.4-1, 1.5.4-2] a', 'malformed'],
    ['[5.0 MQTT-1.5.4-1, 3.1.1 MQTT-1.5.3-1] a', 'malformed'],
    ['[5.0 MQTT-1.5.4] a', 'malformed'],
    ['[5.0 MQTT-3-8.3-4] a', 'malformed'],
    ['[5.0 mqtt-1.5.4-1] a', 'malformed'],
    ['[5.0: MQTT-1.5.4-1] a', 'malformed'],
    ['[5.0 MQTT-${}] a', 'computed'],
    ['[5.0 ${}] a', 'computed'],
    ['[5.0 $id] a', 'computed'],
    ['[5.0 %s] a', 'computed'],
    ['[5.0 MQTT-1.5.4-1 a', 'no closed bracket'],
    ['MQTT-1.5.4-1: a', 'no closed bracket'],
    ['[5.0 ${}', 'no end'],
  ])('%j is a fault', (title, fault) => {
    const { ids, faults } = readTitleIds(title);
    expect(ids).toEqual([]);
    expect(faults).toEqual([expect.stringContaining(fault)]);
  });
});
