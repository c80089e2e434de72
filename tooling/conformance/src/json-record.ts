/** A JSON object whose fields are read one by one, each with its check. */
export class JsonRecord {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #where: string;

  constructor(value: unknown, where: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new TypeError(`${where} is not an object.`);
    }
    this.#fields = { ...value };
    this.#where = where;
  }

  /** A misspelt optional field would otherwise be lost without a word. */
  refuseOthers(known: readonly string[]): void {
    for (const name of Object.keys(this.#fields)) {
      if (!known.includes(name)) throw new TypeError(`${this.#where} has an unknown field ${name}.`);
    }
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw new TypeError(`${this.#where} has no field ${name}.`);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.trim() !== '') return value;
    throw new TypeError(`${this.#where}: ${name} is not a text.`);
  }

  choice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    return this.#oneOf(name, this.#fields[name], choices);
  }

  optionalChoice<const Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#fields[name];
    return value === undefined ? undefined : this.#oneOf(name, value, choices);
  }

  choiceList<const Choice extends string>(name: string, choices: readonly Choice[]): Choice[] {
    const value = this.#fields[name];
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw new TypeError(`${this.#where}: ${name} is not a list.`);
    return value.map((item) => this.#oneOf(name, item, choices));
  }

  #oneOf<const Choice extends string>(name: string, value: unknown, choices: readonly Choice[]): Choice {
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw new TypeError(`${this.#where}: ${name} is not one of ${choices.join(', ')}.`);
  }
}

export function parseJsonList(json: string, where: string): readonly unknown[] {
  const parsed: unknown = JSON.parse(json);
  if (!Array.isArray(parsed)) throw new TypeError(`${where} is not a list.`);
  return parsed;
}
