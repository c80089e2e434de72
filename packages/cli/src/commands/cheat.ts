/** `omqtt cheat`: lines to copy. */
import { UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { recipes } from '../documentation/cheat-sheet.ts';
import { exitCodes } from '../exit-codes.ts';

export function run({ io, words: [topic] }: Task): Promise<number> {
  const chosen = topic === undefined ? recipes : recipes.filter((recipe) => recipe.topic === topic);
  if (chosen.length === 0) {
    const topics = [...new Set(recipes.map((recipe) => recipe.topic))];
    throw new UsageError(`the cheat sheet has no ${JSON.stringify(topic)}: ${topics.join(', ')}`);
  }
  for (const { what, line } of chosen) io.out.line(`# ${what}\n${line}\n`);
  return Promise.resolve(exitCodes.done);
}
