/** Words of the command line, sorted into options and the rest. Nothing is interpreted here. */
import { UsageError } from '../cli-error.ts';
import { nearest } from './nearest.ts';
import type { AnyOption } from './option.ts';

export interface Given {
  readonly option: AnyOption;
  readonly text: string;
}

export interface ParsedArguments {
  readonly given: readonly Given[];
  readonly positionals: readonly string[];
}

/** What an option without a value stands for. */
export const ASKED_FOR = '\0ask';

export interface Elsewhere {
  /** Of other commands. */
  readonly options: readonly AnyOption[];
  /** What to do instead of giving one of them. */
  readonly advice: (option: AnyOption) => string;
}

export function parseArguments(
  words: readonly string[],
  options: readonly AnyOption[],
  elsewhere?: Elsewhere,
): ParsedArguments {
  const reader = new ArgumentReader(words, options, elsewhere);
  return reader.read();
}

class ArgumentReader {
  readonly #words: string[];
  readonly #options: readonly AnyOption[];
  readonly #given: Given[] = [];
  readonly #positionals: string[] = [];
  readonly #elsewhere: Elsewhere | undefined;

  constructor(words: readonly string[], options: readonly AnyOption[], elsewhere: Elsewhere | undefined) {
    this.#words = [...words];
    this.#options = options;
    this.#elsewhere = elsewhere;
  }

  read(): ParsedArguments {
    for (let word = this.#words.shift(); word !== undefined; word = this.#words.shift()) {
      if (word === '--') this.#positionals.push(...this.#words.splice(0));
      else if (word.startsWith('--')) this.#readName(word.slice(2));
      else if (word.startsWith('-') && word !== '-') this.#readLetters(word.slice(1));
      else this.#positionals.push(word);
    }
    return { given: this.#given, positionals: this.#positionals };
  }

  #readName(word: string): void {
    const equals = word.indexOf('=');
    const name = equals === -1 ? word : word.slice(0, equals);
    const value = equals === -1 ? undefined : word.slice(equals + 1);
    const option = this.#options.find((candidate) => candidate.name === name || candidate.aliases.includes(name));
    if (option !== undefined) {
      this.#take(option, `--${name}`, value);
      return;
    }
    const negated = this.#options.find((candidate) => candidate.takes === 0 && name === `no-${candidate.name}`);
    if (negated === undefined) throw this.#unknown(`--${name}`, name);
    this.#given.push({ option: negated, text: 'false' });
  }

  /** `-v`, `-vd`, `-q1`, `-q 1`. */
  #readLetters(word: string): void {
    const letter = word[0] ?? '';
    const option = this.#options.find((candidate) => candidate.letter === letter);
    if (option === undefined) throw this.#unknown(`-${letter}`, word);
    const rest = word.slice(1);
    if (option.takes !== 0) {
      this.#take(option, `-${letter}`, rest === '' ? undefined : rest.replace(/^=/, ''));
      return;
    }
    this.#given.push({ option, text: '' });
    if (rest !== '') this.#readLetters(rest);
  }

  #take(option: AnyOption, shown: string, joined: string | undefined): void {
    if (option.takes === 0) this.#given.push({ option, text: joined ?? '' });
    else if (option.takes === 3) this.#given.push({ option, text: this.#threeWords(shown, joined) });
    else if (option.takes === 'optional') this.#given.push({ option, text: joined ?? this.#nextUnlessOption() });
    else this.#given.push({ option, text: joined ?? this.#next(shown, option) });
  }

  #next(shown: string, { valueName }: AnyOption): string {
    const word = this.#words.shift();
    if (word === undefined) throw new UsageError(`${shown} needs a value: ${shown} ${valueName}`);
    return word;
  }

  #nextUnlessOption(): string {
    const [word] = this.#words;
    if (word === undefined || word.startsWith('-')) return ASKED_FOR;
    this.#words.shift();
    return word;
  }

  // Kept as JSON: the words may hold any character.
  #threeWords(shown: string, joined: string | undefined): string {
    const words = [...(joined === undefined ? [] : [joined]), ...this.#words.splice(0, joined === undefined ? 3 : 2)];
    // A user property has a name and a value.
    if (words[1]?.toLowerCase() === 'user-property') words.push(...this.#words.splice(0, 1));
    if (words.length < 3) throw new UsageError(`${shown} needs COMMAND PROPERTY VALUE`);
    return JSON.stringify(words);
  }

  #unknown(shown: string, name: string): UsageError {
    const names = this.#options.flatMap((candidate) => [candidate.name, ...candidate.aliases]);
    const close = name.length > 1 ? nearest(name, names) : undefined;
    const general = close === undefined ? 'see --help' : `did you mean --${close}?`;
    return new UsageError(`there is no option ${shown}: ${this.#adviceFrom(shown) ?? general}`);
  }

  #adviceFrom(shown: string): string | undefined {
    const { options, advice } = this.#elsewhere ?? { options: [], advice: String };
    const meant = options.find(
      ({ name, aliases, letter }) => [name, ...aliases].some((one) => shown === `--${one}`) || shown === `-${letter}`,
    );
    return meant && advice(meant);
  }
}
