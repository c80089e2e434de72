/** Checks a message, sends it on its way, and says what was guaranteed. */
import { isUtf8 } from 'node:buffer';
import { InvalidTopicError, type PublishReceipt, reasonName, validateTopicName } from 'omqtt';
import type { Principal } from '../access/principal.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { PublishConfig } from '../config/bridge-config.ts';
import { BridgeProblem } from '../problems/problem.ts';
import type { PublishCommand } from './publish-command.ts';

/** What the caller gets to read. */
export interface PublishResult {
  readonly id: string;
  readonly topic: string;
  readonly broker: string;
  readonly qos: number;
  readonly reasonCode: number;
  readonly reason: string;
  /** `transport`: handed to the network. `broker-ack`: the broker has it. `persisted`: it is on this disk. */
  readonly guarantee: 'transport' | 'broker-ack' | 'persisted';
  /** What an acknowledgement of 3.1.1 means: received, and perhaps dropped. */
  readonly ackMeaning?: 'received';
  /** False when the broker said so (0x10), null where it cannot. */
  readonly matchingSubscribers: boolean | null;
  readonly ackMs: number;
  /** The answer to an earlier request with the same key. */
  readonly replayed?: true;
}

export interface PublishParties {
  readonly pool: BrokerPool;
  readonly principal: Principal;
  readonly config: PublishConfig;
}

/** For what was checked, and paid for, before. */
export function publishChecked(
  command: PublishCommand,
  parties: Pick<PublishParties, 'pool' | 'config'>,
  id: string,
): Promise<PublishResult> {
  return new Promise((resolve, reject) => {
    sendChecked(command, { ...parties, id }, { accepted: resolve, failed: reject });
  });
}

export interface Sending extends Pick<PublishParties, 'pool' | 'config'> {
  readonly id: string;
}

/** Where to tell what became of it. */
export interface Outcome {
  accepted(result: PublishResult): void;
  failed(problem: BridgeProblem): void;
}

/** The same without a promise. */
export function sendChecked(command: PublishCommand, { pool, config, id }: Sending, outcome: Outcome): void {
  const startedAt = performance.now();
  pool.send(laneMessage(command), timeoutOf(command, config), {
    accepted: (receipt) => {
      const ackMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
      outcome.accepted(resultOf(receipt, { command, pool, id, ackMs }));
    },
    failed: (problem) => outcome.failed(problem),
  });
}

/** 202 for what was only handed to the network. */
export function statusOf({ guarantee }: PublishResult): 200 | 202 {
  return guarantee === 'broker-ack' ? 200 : 202;
}

/** Nothing is sent that is known to be refused, and nothing that the caller may not send. */
export function checkCommand(command: PublishCommand, { principal }: Pick<PublishParties, 'principal'>): void {
  const { topic, payload, properties } = command;
  checkTopic(topic);
  principal.checkPublish(command);
  if (properties?.payloadFormatIndicator === 1 && !isUtf8(payload)) {
    throw new BridgeProblem('payload-format', {
      detail: 'the payload format indicator says UTF-8, and the payload is not',
      outcome: 'not-sent',
    });
  }
  if (properties?.responseTopic !== undefined) checkTopic(properties.responseTopic);
}

export function checkTopic(topic: string): void {
  try {
    validateTopicName(topic);
  } catch (error) {
    if (!(error instanceof InvalidTopicError)) throw error;
    throw new BridgeProblem('topic-invalid', error.message);
  }
}

export function laneMessage({ topic, payload, qos, retain, properties }: PublishCommand): {
  topic: string;
  payload: Uint8Array;
  options: { qos: 0 | 1 | 2; retain: boolean; properties?: NonNullable<PublishCommand['properties']> };
} {
  return { topic, payload, options: properties === undefined ? { qos, retain } : { qos, retain, properties } };
}

export function timeoutOf({ waitMs }: PublishCommand, config: PublishConfig): number {
  return Math.max(1, Math.min(waitMs ?? config.ackTimeoutMs, config.maximumAckTimeoutMs));
}

interface ResultFacts {
  readonly command: PublishCommand;
  readonly pool: BrokerPool;
  readonly id: string;
  readonly ackMs: number;
}

function resultOf(receipt: PublishReceipt, { command, pool, id, ackMs }: ResultFacts): PublishResult {
  const { topic, qos } = command;
  const isAcknowledged = qos > 0;
  return {
    id,
    topic,
    broker: pool.name,
    qos,
    reasonCode: receipt.reasonCode,
    reason: reasonName(receipt.reasonCode),
    guarantee: isAcknowledged ? 'broker-ack' : 'transport',
    ...(isAcknowledged && !pool.isV5 && { ackMeaning: 'received' }),
    matchingSubscribers: isAcknowledged && pool.isV5 ? receipt.hadSubscribers : null,
    ackMs,
  };
}
