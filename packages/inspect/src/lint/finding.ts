/** One thing that is wrong with one packet. */
import type { ProtocolVersion, Side } from '@omqtt/codec';
import { idsOf, ruleNamed, type LintLevel, type RuleName } from './rule.ts';
import type { Severity } from './rule-row.ts';

export interface Finding {
  readonly rule: RuleName;
  /** `MQTT-3.3.1-4`, `sec 2.2.2`, `3.1.1 sec 2.2.1`, or `H-ACK` for a heuristic. */
  readonly id: string;
  /** All ids that are broken, `id` first. */
  readonly ids: readonly string[];
  readonly severity: Severity;
  readonly level: LintLevel;
  /** Who is wrong. */
  readonly side: Side;
  /** The bytes of the packet that show it. */
  readonly start: number;
  readonly end: number;
  /** What is wrong, as a sentence without a full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

export interface FindingFacts {
  readonly version: ProtocolVersion;
  readonly side: Side;
  readonly start: number;
  readonly end: number;
  readonly detail?: string | undefined;
  /** Ids for this case instead of those of the rule. */
  readonly ids?: string | undefined;
  /** Ids that are broken too. */
  readonly also?: string | undefined;
}

/** `undefined` when the version has no such rule. */
export function findingOf(name: RuleName, facts: FindingFacts): Finding | undefined {
  const rule = ruleNamed(name);
  const { version, side, start, end, detail } = facts;
  const own = facts.ids === undefined || rule.ids[version].length === 0 ? rule.ids[version] : idsOf(facts.ids, version);
  // What else is broken has its numbers from 5.0.
  const also = version === '5.0' ? idsOf(facts.also ?? '', version) : [];
  // The list of the rule itself where there is nothing to add: records keep it.
  const ids = also.length === 0 ? own : [...own, ...also.filter((each) => !own.includes(each))];
  const [id] = ids;
  if (id === undefined) return undefined;
  const message = detail === undefined ? rule.message : `${rule.message}: ${detail}`;
  const { severity, level, fix } = rule;
  return { rule: name, id, ids, severity, level, side, start, end, message, fix };
}
