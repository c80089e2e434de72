import { expect, test } from 'vitest';
import { Effects } from '../../src/session/effects.ts';

test('a batch that was taken does not grow any more', () => {
  const effects = new Effects();
  effects.send({ type: 'pingreq' });
  const first = effects.take();
  effects.send({ type: 'pingresp' });
  expect(first.send).toEqual([{ type: 'pingreq' }]);
  expect(effects.take().send).toEqual([{ type: 'pingresp' }]);
  expect(effects.isEmpty).toBe(true);
  expect(effects.take()).toEqual({ persist: [], send: [], deliver: [], settle: [], close: undefined });
});
