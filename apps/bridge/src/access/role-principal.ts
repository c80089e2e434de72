/** A caller with a role: its rules, with what the token says about the caller put in their place. */
import { BridgeProblem } from '../problems/problem.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { PublishCommand } from '../publish/publish-command.ts';
import type { AccessAction, RoleConfig, RuleConfig } from './access-config.ts';
import type { Allowance } from './allowance.ts';
import { allowsTopic, filterContains, filtersOverlap } from './filter-algebra.ts';
import type { Principal } from './principal.ts';

export interface RolePrincipalParts {
  readonly id: string;
  readonly role: RoleConfig;
  readonly allowance: Allowance;
  readonly claims: Readonly<Record<string, unknown>>;
  /** In milliseconds since 1970; Infinity for keys that do not expire. */
  readonly expiresAt: number;
  readonly pool?: BrokerPool;
}

const REMEMBERED = 1000;

export class RolePrincipal implements Principal {
  readonly id: string;
  readonly expiresAt: number;
  readonly maximumStreams: number;
  readonly allowance: Allowance;
  readonly rules: readonly RuleConfig[];
  readonly pool?: BrokerPool;
  /** Which rule lets messages to a topic through. */
  readonly #decisions = new Map<string, RuleConfig | undefined>();

  constructor({ id, role, allowance, claims, expiresAt, pool }: RolePrincipalParts) {
    this.id = id;
    this.expiresAt = expiresAt;
    this.allowance = allowance;
    if (pool !== undefined) this.pool = pool;
    this.maximumStreams = role.limits.streams ?? Infinity;
    this.rules = role.rules.map((rule) => ({
      ...rule,
      filters: rule.filters.flatMap((one) => substituted(one, claims)),
    }));
  }

  checkPublish({ topic, qos, retain, payload }: PublishCommand): void {
    const rule = this.#ruleFor(topic);
    if (rule === undefined) throw denied(`publishing to ${JSON.stringify(topic)} is not allowed`);
    if (qos > rule.qosMax) throw denied(`QoS ${qos} is not allowed here, ${rule.qosMax} is`);
    if (retain && !rule.retain) throw denied('retained messages are not allowed here');
    if (payload.length > (rule.maxBytes ?? Infinity)) throw denied(`payloads have at most ${rule.maxBytes} bytes here`);
  }

  checkRead(filter: string): void {
    this.#checkFilter('read', filter);
  }

  checkSubscribe(filter: string): void {
    this.#checkFilter('subscribe', filter);
  }

  checkRequest(topic: string): void {
    this.#checkFilter('request', topic);
  }

  spend(messages: number, bytes: number): void {
    this.allowance.spend(messages, bytes);
  }

  #ruleFor(topic: string): RuleConfig | undefined {
    const known = this.#decisions.get(topic);
    if (known !== undefined || this.#decisions.has(topic)) return known;
    const matching = this.#rulesFor('publish').filter(({ filters }) => filters.some((one) => allowsTopic(one, topic)));
    const rule = matching.some(({ effect }) => effect === 'deny') ? undefined : matching[0];
    if (this.#decisions.size >= REMEMBERED) this.#decisions.clear();
    this.#decisions.set(topic, rule);
    return rule;
  }

  /** All that the filter may bring is allowed, and nothing of it is denied. */
  #checkFilter(action: AccessAction, filter: string): void {
    const rules = this.#rulesFor(action);
    const isAllowed = rules.some(({ effect, filters }) => {
      return effect === 'allow' && filters.some((one) => filterContains(one, filter));
    });
    const isDenied = rules.some(({ effect, filters }) => {
      return effect === 'deny' && filters.some((one) => filtersOverlap(one, filter));
    });
    if (!isAllowed || isDenied) throw denied(`${action} of ${JSON.stringify(filter)} is not allowed`);
  }

  #rulesFor(action: AccessAction): readonly RuleConfig[] {
    return this.rules.filter(({ actions }) => actions.includes(action));
  }
}

function denied(detail: string): BridgeProblem {
  return new BridgeProblem('acl-denied', detail);
}

/** Without the claim, or with one that would change the filter, the rule has one filter less: nothing is allowed by it. */
function substituted(filter: string, claims: Readonly<Record<string, unknown>>): readonly string[] {
  let isSound = true;
  const result = filter.replaceAll(/\$\{(?:claim:)?([\w.-]+)\}/g, (_match, name: string) => {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    // eslint-disable-next-line no-control-regex -- NUL is one of those that would
    if (typeof value === 'string' && value !== '' && !/[+#/\u0000]/.test(value)) return value;
    isSound = false;
    return '';
  });
  return isSound ? [result] : [];
}
