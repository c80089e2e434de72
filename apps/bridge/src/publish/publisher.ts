/** Checks a message, sends it on its way, and says what was guaranteed. */
import { isUtf8 } from 'node:buffer';
import { InvalidTopicError, type PublishReceipt, reasonName, validateTopicName } from 'omqtt';
import type { Principal } from '../access/principal.ts';
import type { BrokerPool } from '../brokers/broker-pool.ts';
import type { LaneOutcome } from '../brokers/publish-lane.ts';
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
export function sendChecked(command: PublishCommand, sending: Sending, outcome: Outcome): void {
  const { pool, config } = sending;
  pool.send(laneMessage(command), timeoutOf(command, config), new Sent(command, sending, outcome));
}

/** Makes of what the broker says what the caller is told. */
class Sent implements LaneOutcome {
  readonly #command: PublishCommand;
  readonly #sending: Sending;
  readonly #outcome: Outcome;

  constructor(command: PublishCommand, sending: Sending, outcome: Outcome) {
    this.#command = command;
    this.#sending = sending;
    this.#outcome = outcome;
  }

  accepted(receipt: PublishReceipt, tookMs: number): void {
    const ackMs = Math.round(tookMs * 1000) / 1000;
    this.#outcome.accepted(resultOf(receipt, this.#command, { sending: this.#sending, ackMs }));
  }

  failed(problem: BridgeProblem): void {
    this.#outcome.failed(problem);
  }
}

/** 202 for what was only handed to the network. */
export function statusOf({ guarantee }: PublishResult): 200 | 202 {
  return guarantee === 'broker-ack' ? 200 : 202;
}

/** Found valid before: to look at every character again would cost more than the rules. */
const knownTopics = new Set<string>();
const MAXIMUM_KNOWN_TOPICS = 1000;
const LONGEST_KNOWN = 256;

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
  if (knownTopics.has(topic)) return;
  try {
    validateTopicName(topic);
    if (topic.length > LONGEST_KNOWN) return;
    if (knownTopics.size >= MAXIMUM_KNOWN_TOPICS) knownTopics.clear();
    knownTopics.add(topic);
  } catch (error) {
    if (!(error instanceof InvalidTopicError)) throw error;
    throw new BridgeProblem('topic-invalid', error.message);
  }
}

interface LaneOptions {
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly properties?: NonNullable<PublishCommand['properties']>;
}

export function laneMessage({ topic, payload, qos, retain, properties }: PublishCommand): {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly options: LaneOptions;
} {
  const isPlain = properties === undefined && !retain;
  const options = isPlain ? plain[qos] : { qos, retain, ...(properties && { properties }) };
  return { topic, payload, options };
}

/** What nearly all have, by QoS. */
const plain: Readonly<Record<0 | 1 | 2, LaneOptions>> = {
  0: { qos: 0, retain: false },
  1: { qos: 1, retain: false },
  2: { qos: 2, retain: false },
};

export function timeoutOf({ waitMs }: PublishCommand, config: PublishConfig): number {
  return Math.max(1, Math.min(waitMs ?? config.ackTimeoutMs, config.maximumAckTimeoutMs));
}

interface ResultFacts {
  readonly sending: Sending;
  readonly ackMs: number;
}

function resultOf(receipt: PublishReceipt, command: PublishCommand, { sending, ackMs }: ResultFacts): PublishResult {
  const { topic, qos } = command;
  const { pool, id } = sending;
  const isAcknowledged = qos > 0;
  const result: PublishResult = {
    id,
    topic,
    broker: pool.name,
    qos,
    reasonCode: receipt.reasonCode,
    reason: reasonName(receipt.reasonCode),
    guarantee: isAcknowledged ? 'broker-ack' : 'transport',
    matchingSubscribers: isAcknowledged && pool.isV5 ? receipt.hadSubscribers : null,
    ackMs,
  };
  return isAcknowledged && !pool.isV5 ? { ...result, ackMeaning: 'received' } : result;
}
