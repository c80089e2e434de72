/** Who asks, and what they may. */
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { PublishCommand } from '../publish/publish-command.ts';
import { Allowance } from './allowance.ts';
import type { RuleConfig } from './access-config.ts';

export interface Principal {
  /** For limits and logs; never a secret. */
  readonly id: string;
  /** When the credentials end, and with them what is open. */
  readonly expiresAt: number;
  readonly maximumStreams: number;
  readonly allowance: Allowance;
  readonly rules: readonly RuleConfig[];
  /** Connections of its own, because it came with credentials of the broker. */
  readonly pool?: BrokerPool;
  /** These throw the problem that says why not. */
  checkPublish(command: PublishCommand): void;
  checkRead(filter: string): void;
  checkSubscribe(filter: string): void;
  checkRequest(topic: string): void;
  /** Takes from the allowance. */
  spend(messages: number, bytes: number): void;
}

/** Where nobody has to say who they are. */
export const anonymous: Principal = {
  id: 'anonymous',
  expiresAt: Infinity,
  maximumStreams: Infinity,
  allowance: new Allowance({}),
  rules: [
    { effect: 'allow', actions: ['publish', 'subscribe', 'read', 'request'], filters: ['#'], qosMax: 2, retain: true },
  ],
  checkPublish: allow,
  checkRead: allow,
  checkSubscribe: allow,
  checkRequest: allow,
  spend: allow,
};

function allow(): void {
  // Everything is allowed.
}
