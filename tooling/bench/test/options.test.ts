import { describe, expect, test } from 'vitest';
import type { Benchmark } from '../src/contest.ts';
import { helpText, parseOptions, UsageError } from '../src/options.ts';

const empty: Benchmark = { summary: 'measures nothing', contests: [] };
const registry = { codec: empty, publish: empty };

describe('the command line', () => {
  test('names all benchmarks when it names none, with fewer rounds and a shorter soak than for one', () => {
    expect(parseOptions([], registry)).toEqual({
      help: false,
      names: ['codec', 'publish'],
      only: '',
      rounds: 5,
      minutes: 2,
    });
    expect(parseOptions(['codec'], registry)).toMatchObject({ rounds: 7, minutes: 10 });
  });

  test('takes names, rounds, a part of the name of a case and a file', () => {
    const args = ['publish', '--rounds', '3', '--only', 'QoS 1', '--json', 'out.json', '--minutes', '0.5'];
    expect(parseOptions(args, registry)).toEqual({
      help: false,
      names: ['publish'],
      only: 'QoS 1',
      rounds: 3,
      minutes: 0.5,
      json: 'out.json',
    });
  });

  test.each([
    [['codecs'], 'There is no benchmark named codecs.'],
    [['toString'], 'There is no benchmark named toString.'],
    [['--rounds', '0'], '--rounds takes a whole number from 1 on.'],
    [['--rounds', 'many'], '--rounds takes a whole number from 1 on.'],
    [['--minutes', '0.1'], '--minutes takes a number from 0.5 to 1440.'],
    [['--minutes', 'ten'], '--minutes takes a number from 0.5 to 1440.'],
    [['--round', '3'], "Unknown option '--round'"],
    [['--json'], "Option '--json <value>' argument missing"],
  ])('is refused when it reads %j', (args, message) => {
    expect(() => parseOptions(args, registry)).toThrow(UsageError);
    expect(() => parseOptions(args, registry)).toThrow(message);
  });

  test('has a help that lists every benchmark', () => {
    expect(helpText(registry)).toMatch(/codec +measures nothing\n +publish +measures nothing/);
  });
});
