/** A message can say where it was published, so that its publisher need not get it back. */
import type { Message } from 'omqtt';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import { BridgeProblem } from '../problems/problem.ts';

export const ORIGIN_PROPERTY = 'omqtt-origin';

export function originOf({ userProperties }: Pick<Message, 'userProperties'>): string | undefined {
  return userProperties.find(([name]) => name === ORIGIN_PROPERTY)?.[1];
}

export function requireOrigins({ isV5 }: BrokerPool): void {
  if (isV5) return;
  const extra = { capability: 'user-properties' };
  throw new BridgeProblem('capability-unavailable', { detail: 'MQTT 3.1.1 has nothing to tell origins by', extra });
}
