/** Counts for Prometheus. Labels have few values each: routes and reason codes, never topics or callers. */

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Nothing, and from 1 KiB to 16 MiB. */
export const BYTES: readonly number[] = [0, 1024, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216];

type Labels = Readonly<Record<string, string | number>>;

/** Whatever goes wrong, a metric does not grow beyond this. */
const MAXIMUM_SERIES = 2000;

export class Counter {
  readonly name: string;
  readonly help: string;
  readonly #values = new Map<string, { count: number }>();

  constructor(name: string, help: string) {
    this.name = name;
    this.help = help;
  }

  add(labels: Labels, amount = 1): void {
    const value = this.#valueOf(labels);
    if (value !== undefined) value.count += amount;
  }

  /** Adds one for these labels, without looking them up again. */
  bound(labels: Labels): () => void {
    const value = this.#valueOf(labels) ?? { count: 0 };
    return () => {
      value.count += 1;
    };
  }

  #valueOf(labels: Labels): { count: number } | undefined {
    const key = labelText(labels);
    const known = this.#values.get(key);
    if (known !== undefined || this.#values.size >= MAXIMUM_SERIES) return known;
    const value = { count: 0 };
    this.#values.set(key, value);
    return value;
  }

  text(): string {
    const lines = [...this.#values].map(([labels, { count }]) => `${this.name}${labels} ${count}\n`);
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} counter\n${lines.join('')}`;
  }
}

/** How often a value was at most so much, in fixed steps; by default seconds. */
export class Histogram {
  readonly name: string;
  readonly help: string;
  readonly #steps: readonly number[];
  readonly #all: Distribution;
  readonly #byLabels = new Map<string, Distribution>();

  constructor(name: string, help: string, steps: readonly number[] = SECONDS) {
    this.name = name;
    this.help = help;
    this.#steps = steps;
    this.#all = new Distribution(steps);
  }

  observe(value: number): void {
    this.#all.observe(value);
  }

  /** Those with labels are told instead of all together. */
  observeWith(labels: Labels, value: number): void {
    const key = labelText(labels);
    let known = this.#byLabels.get(key);
    if (known === undefined) {
      if (this.#byLabels.size >= MAXIMUM_SERIES) return;
      known = new Distribution(this.#steps);
      this.#byLabels.set(key, known);
    }
    known.observe(value);
  }

  text(): string {
    const series = this.#byLabels.size === 0 ? [['', this.#all] as const] : [...this.#byLabels];
    const lines = series.map(([labels, distribution]) => distribution.text(this.name, labels));
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} histogram\n${lines.join('')}`;
  }
}

class Distribution {
  readonly #steps: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(steps: readonly number[]) {
    this.#steps = steps;
    this.#counts = steps.map(() => 0);
  }

  observe(value: number): void {
    const steps = this.#steps;
    this.#sum += value;
    this.#count += 1;
    let index = 0;
    while (index < steps.length && value > (steps[index] ?? Infinity)) index += 1;
    if (index < steps.length) this.#counts[index] = (this.#counts[index] ?? 0) + 1;
  }

  text(name: string, labels: string): string {
    const head = labels === '' ? '{' : `${labels.slice(0, -1)},`;
    let below = 0;
    const lines = this.#steps.map((bound, index) => {
      below += this.#counts[index] ?? 0;
      return `${name}_bucket${head}le="${bound}"} ${below}\n`;
    });
    lines.push(`${name}_bucket${head}le="+Inf"} ${this.#count}\n`);
    return `${lines.join('')}${name}_sum${labels} ${this.#sum}\n${name}_count${labels} ${this.#count}\n`;
  }
}

type Values = readonly (readonly [Labels, number])[];

/** What is looked up when somebody asks. */
export function gaugeText(name: string, help: string, values: Values): string {
  return valuesText({ name, help, type: 'gauge' }, values);
}

/** Counted elsewhere. */
export function counterText(name: string, help: string, values: Values): string {
  return valuesText({ name, help, type: 'counter' }, values);
}

interface Description {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
}

function valuesText({ name, help, type }: Description, values: Values): string {
  const lines = values.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '{' : ','}${name}="${labels[name]}"`;
  return text === '' ? '' : `${text}}`;
}
