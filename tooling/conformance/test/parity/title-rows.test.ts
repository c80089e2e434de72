import { describe, expect, test } from 'vitest';

import { readTitleRows, withoutTags } from '../../src/parity/title-rows.ts';

describe('a title', () => {
  test.each([
    ['a list [] stays [parity O7]', ['O7']],
    ['[parity O7, E36] in front', ['O7', 'E36']],
    ['[parity O7] and twice [parity B1]', ['O7', 'B1']],
    ['[5.0 MQTT-1.5.4-1] has none', []],
    ['[nothing of parity]', []],
  ])('%j names rows', (title, ids) => {
    expect(readTitleRows(title)).toEqual({ ids, faults: [] });
  });

  test.each([
    '[parity]',
    '[parity O7,E36]',
    '[parity O7 E36]',
    '[parity o7]',
    '[Parity O7]',
    '[parity O7',
    '[parity ${}]',
    '[parity: O7]',
  ])('%j has a fault', (title) => {
    const { ids, faults } = readTitleRows(title);
    expect(ids).toEqual([]);
    expect(faults).toEqual([expect.stringContaining('cannot be read')]);
  });

  test('is shown to readers without its tags', () => {
    expect(withoutTags('[5.0 MQTT-4.7.1-1] [3.1.1 MQTT-4.7.1-2] has # only [parity E40] alone [parity B1]')).toBe(
      'has # only alone',
    );
  });
});
