/** What a command is, and what it is given to run. */
import type { Io } from './io.ts';
import type { AnyOption } from './options/option.ts';
import type { Settings } from './options/settings.ts';
import type { Talk } from './output/talk.ts';

export interface Command {
  readonly name: string;
  /** What follows the name: `TOPIC [MESSAGE]`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: readonly AnyOption[];
  /** How many words it takes that are no options. */
  readonly words: readonly [least: number, most: number];
  /** What the first word can be. */
  readonly actions?: readonly string[];
  /** What to do instead of giving it an option of another command. */
  readonly adviceOnOption?: (option: AnyOption) => string;
  /** Loaded when it is run, because loading a file costs more than running it. */
  readonly load: () => Promise<{ readonly run: Run }>;
}

export interface Task {
  readonly io: Io;
  readonly talk: Talk;
  readonly settings: Settings;
  readonly words: readonly string[];
}

/** Resolves with the exit code, or rejects with what becomes one. */
export type Run = (task: Task) => Promise<number>;
