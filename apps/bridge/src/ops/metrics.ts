/** Counts for Prometheus. Labels have few values each: routes and reason codes, never topics or callers. */

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

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

/** Seconds, in fixed steps. */
export class Histogram {
  readonly name: string;
  readonly help: string;
  readonly #counts: number[] = BUCKETS.map(() => 0);
  #sum = 0;
  #count = 0;

  constructor(name: string, help: string) {
    this.name = name;
    this.help = help;
  }

  observe(seconds: number): void {
    this.#sum += seconds;
    this.#count += 1;
    let index = 0;
    while (index < BUCKETS.length && seconds > (BUCKETS[index] ?? Infinity)) index += 1;
    if (index < BUCKETS.length) this.#counts[index] = (this.#counts[index] ?? 0) + 1;
  }

  text(): string {
    let below = 0;
    const lines = BUCKETS.map((bound, index) => {
      below += this.#counts[index] ?? 0;
      return `${this.name}_bucket{le="${bound}"} ${below}\n`;
    });
    const total = `${this.name}_bucket{le="+Inf"} ${this.#count}\n${this.name}_sum ${this.#sum}\n${this.name}_count ${this.#count}\n`;
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} histogram\n${lines.join('')}${total}`;
  }
}

/** What is looked up when somebody asks. */
export function gaugeText(name: string, help: string, values: readonly (readonly [Labels, number])[]): string {
  const lines = values.map(([labels, value]) => `${name}${labelText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '{' : ','}${name}="${labels[name]}"`;
  return text === '' ? '' : `${text}}`;
}
