import { expect, test } from 'vitest';
import { errorClassesIn, readUnion } from '../src/error-classes.ts';

test('a class of an error is listed with its code, its sentence and whether to try again', () => {
  const source = `
/** Too slow;
 *  try later. */
export class SlowError extends MqttError {
  override readonly code = 'slow';
  override readonly retryable = true;
}

/** Never mind. */
export class OddError extends MqttError {
  override readonly code = 'odd';
  override readonly retryable: boolean;
}

abstract class BaseError extends MqttError {
}
`;
  expect(errorClassesIn(source, '@omqtt/core')).toEqual([
    { code: 'slow', name: 'SlowError', owner: '@omqtt/core', meaning: 'Too slow; try later.', isRetryable: true },
    { code: 'odd', name: 'OddError', owner: '@omqtt/core', meaning: 'Never mind.', isRetryable: undefined },
  ]);
});

test('the members of a union are listed in their order', () => {
  expect(readUnion("export type Code =\n  | 'b'\n  | 'a';\ntype Other = 'c';", 'Code')).toEqual(['b', 'a']);
  expect(readUnion("  readonly code: 'x' | 'y';", 'readonly code')).toEqual(['x', 'y']);
});
