import { reasonName } from '@omqtt/codec';
import { expect, test } from 'vitest';
import { adviceOn } from '../../page/detail/reason-advice.ts';

test('there is something to do about each failure of the standard, and about nothing else', () => {
  const codes = Array.from({ length: 256 }, (_, code) => code);
  const failures = codes.filter((code) => code >= 0x80 && !reasonName(code).startsWith('Unknown'));
  expect(codes.filter((code) => adviceOn(code) !== undefined)).toEqual(failures);
});

test.each([
  [0x85, 'client id'],
  [0x87, 'right'],
  [0x8d, 'keep alive'],
  [0x93, 'Receive Maximum'],
  [0x95, 'Maximum Packet Size'],
  [0x9e, '$share'],
  [0xa2, 'wildcards'],
])('the one for %s speaks of %s', (code, word) => {
  expect(adviceOn(code)).toContain(word);
});
