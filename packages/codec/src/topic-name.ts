/** Topic names: what a message is published to. */
import { InvalidTopicError } from './errors.ts';
import type { Problem } from './problems.ts';
import { hasWildcard, textProblem } from './text.ts';

/** Throws an `InvalidTopicError` unless a message may be published to `topic`. */
export function validateTopicName(topic: string): void {
  const problem = checkTopicName(topic) ?? textProblem(topic);
  if (problem) throw new InvalidTopicError({ topic, problem });
}

/** What only a topic can have wrong; that its text can be written is checked where texts are. */
export function checkTopicName(topic: string): Problem | undefined {
  if (topic === '') return 'empty-topic';
  if (hasWildcard(topic)) return 'wildcard-in-topic';
  return undefined;
}
