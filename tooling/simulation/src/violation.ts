/** A rule was broken: what a history exists to find. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** Names the rule; a script is shrunk as long as the same rule is broken. */
  readonly rule: string;

  constructor(rule: string, text: string) {
    super(`${rule}: ${text}`);
    this.rule = rule;
  }
}

/** Holds a rule; the text is only made when it is broken. */
export function hold(isHeld: boolean, rule: string, text: () => string): asserts isHeld {
  if (!isHeld) throw new Violation(rule, text());
}
