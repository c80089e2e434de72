/** What the lint knows: a rule cites the statements that it watches, and says what to do when one is broken. */
import type { ProtocolVersion } from '@omqtt/codec';
import { codecRules, type CodecRuleName } from './codec-rules.ts';
import { flowRules, type FlowRuleName } from './flow-rules.ts';
import { partsOf, type RuleRow, type Severity } from './rule-row.ts';
import { sessionRules, type SessionRuleName } from './session-rules.ts';

export type LintLevel = 'codec' | 'session' | 'flow' | 'timing';

export type RuleName = CodecRuleName | FlowRuleName | SessionRuleName;

export interface Rule {
  readonly name: RuleName;
  readonly severity: Severity;
  readonly level: LintLevel;
  /** In 5.0 and in 3.1.1; empty where the version has no such rule. */
  readonly ids: Readonly<Record<ProtocolVersion, readonly string[]>>;
  readonly message: string;
  readonly fix: string;
}

/** The rules that only the clock breaks. */
const timing: ReadonlySet<string> = new Set([
  'late-answer',
  'late-connack',
  'late-pingresp',
  'silent-client',
  'silent-client-kept',
  'open-after-refusal',
  'open-after-disconnect',
  'not-resent',
]);

export const rules: readonly Rule[] = [
  ...rulesOf('codec', codecRules),
  ...rulesOf('session', sessionRules),
  ...rulesOf('flow', flowRules),
];

const rulesByName: ReadonlyMap<string, Rule> = new Map(rules.map((rule) => [rule.name, rule]));

export function ruleNamed(name: RuleName): Rule {
  // Every name of the type is a key of one of the tables.
  return rulesByName.get(name) as Rule;
}

/** The ids in the form that findings have: `MQTT-3.3.1-4`, `sec 2.2.2`, `3.1.1 sec 2.2.1`, `H-ACK`. */
export function idsOf(list: string, version: ProtocolVersion): string[] {
  return list
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      if (word.startsWith('H-')) return word;
      if (!word.startsWith('§')) return `MQTT-${word}`;
      return version === '5.0' ? `sec ${word.slice(1)}` : `3.1.1 sec ${word.slice(1)}`;
    });
}

function rulesOf(level: LintLevel, table: Readonly<Record<string, RuleRow>>): Rule[] {
  return Object.entries(table).map(([name, row]) => {
    const [severity, ids5, ids311, message, fix] = partsOf(row);
    const ids = { '5.0': idsOf(ids5, '5.0'), '3.1.1': idsOf(ids311, '3.1.1') };
    return { name: name as RuleName, severity, level: timing.has(name) ? 'timing' : level, ids, message, fix };
  });
}
