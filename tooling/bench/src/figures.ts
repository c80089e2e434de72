/** The numbers that a benchmark found, under names that stay the same from run to run. */

export interface Figure {
  /** Of the case and of who was measured, such as `publish QoS 0, 64 B, window 1000 · omqtt`. */
  readonly name: string;
  readonly value: number;
  /** `×` is a ratio to somebody in the same run, which hardly depends on the machine. */
  readonly unit: 'ns' | 'µs' | 'ms' | 'bytes' | 'MiB' | 'per s' | '×' | '%';
  readonly better: 'less' | 'more';
}

/** What a benchmark has to say. */
export interface Report {
  /** For the terminal. */
  readonly text: string;
  readonly figures: readonly Figure[];
}

type Unit = Figure['unit'];

/** Time, memory and size. */
export function cost(name: string, value: number, unit: Unit): Figure {
  return { name, value, unit, better: 'less' };
}

/** Throughput, and how many times better we are. */
export function gain(name: string, value: number, unit: Unit): Figure {
  return { name, value, unit, better: 'more' };
}

/** One below the other. */
export function joinReports(reports: readonly Report[], separator: string): Report {
  return {
    text: reports.map(({ text }) => text).join(separator),
    figures: reports.flatMap(({ figures }) => figures),
  };
}
