import { expect, test } from 'vitest';
import { connectionsIn } from '../../page/side/ending-banner.ts';

test.each([
  ['', []],
  ['type:publish client:dev-1', []],
  ['conn="mqtt-1"', ['mqtt-1']],
  ['type:publish conn=mqtt-12', ['mqtt-12']],
  ['(conn:mqtt-1 or conn="a \\"b\\"")', ['mqtt-1', 'a "b"']],
  ['-conn=mqtt-1 not conn=mqtt-2', []],
])('of %j these connections are watched: %j', (text, ids) => {
  expect(connectionsIn(text)).toEqual(ids);
});
