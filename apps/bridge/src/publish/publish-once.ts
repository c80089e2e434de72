/** Publishes, and with a key of idempotency no more than once. */
import type { Principal } from '../access/principal.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { BridgeContext } from '../http/bridge-context.ts';
import type { PublishCommand } from './publish-command.ts';
import { publishChecked, type PublishResult, timeoutOf } from './publisher.ts';

export interface PublishOnce {
  readonly context: Pick<BridgeContext, 'config' | 'idempotency'>;
  readonly pool: BrokerPool;
  readonly principal: Principal;
  /** Of the message, unless an earlier one with the key has another. */
  readonly id: string;
  readonly key: string | undefined;
  /** Another way than to the broker at once. */
  readonly send?: (command: PublishCommand) => Promise<PublishResult>;
}

/** For what was checked, and paid for, before. */
export function publishOnce(command: PublishCommand, given: PublishOnce): Promise<PublishResult> {
  const { context, pool, principal, id, key } = given;
  const config = context.config.publish;
  const send = given.send ?? ((message: PublishCommand) => publishChecked(message, { pool, config }, id));
  if (key === undefined) return send(command);
  return context.idempotency.publish({
    owner: principal.id,
    key,
    command,
    broker: pool.name,
    waitMs: timeoutOf(command, config),
    // The message is waited for as long as anyone may ask for it.
    start: () => send({ ...command, waitMs: config.maximumAckTimeoutMs }),
  });
}
