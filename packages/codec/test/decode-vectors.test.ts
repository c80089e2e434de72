import { describe, expect, test } from 'vitest';

import { decode } from '../src/index.ts';
import { allVectors } from './vectors/all.ts';

describe('the bytes of each packet decode to exactly that packet', () => {
  test.each(allVectors)('$title ($version) [parity O18]', ({ bytes, version, packet }) => {
    expect(decode(bytes, version)).toStrictEqual(packet);
  });
});
