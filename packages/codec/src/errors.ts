/** The errors that codec and everything above it throw. Recognise them by `code`; messages are for people. */
import type { Packet, ProtocolVersion } from './packet.ts';
import { problemFacts, type Problem } from './problems.ts';

/** The base of every error of the project. `code` is stable; `retryable` says whether the same call may succeed later. */
export abstract class MqttError extends Error {
  abstract readonly code: string;
  readonly retryable: boolean = false;
  readonly reasonCode?: number;

  // Not the name of the class, which a minifier would mangle.
  override get name(): string {
    return 'MqttError';
  }
}

interface ProblemOf {
  readonly problem: Problem;
  readonly statement: string | undefined;
  readonly [fact: string]: unknown;
}

/** An error about what a packet or a topic says. Its facts become its fields. */
abstract class ProblemError extends MqttError {
  declare readonly problem: Problem;
  /** The broken statement, such as `MQTT-3.3.1-4`, where the standard has one. */
  declare readonly statement: string | undefined;

  constructor(what: string, facts: ProblemOf) {
    const { problem, statement } = facts;
    // The names of the problems are made to be read.
    super(`${what}: ${problem.replace(/-/g, ' ')}${statement ? ` [${statement}]` : ''}`);
    Object.assign(this, facts);
  }
}

/** The peer sent something that MQTT does not allow: tell it `reasonCode` (5.0) and close the connection. */
export class MalformedPacketError extends ProblemError {
  override readonly code = 'malformed-packet';
  declare readonly reasonCode: number;
  /** Where in the packet, counted from its first byte. */
  declare readonly offset: number;
  /** The sound packets that stood before the bad one in the same chunk. */
  packets: readonly Packet[] = [];

  constructor(problem: Problem, version: ProtocolVersion, offset: number, broken?: string) {
    super(`malformed packet at byte ${offset}`, { problem, ...problemFacts(problem, version, broken), offset });
  }
}

/** You asked to send something that MQTT does not allow. Nothing was written. */
export class InvalidPacketError extends ProblemError {
  override readonly code = 'invalid-packet';
  /** The part of the packet that is wrong, such as `will.topic`. */
  declare readonly field: string;

  constructor(problem: Problem, version: ProtocolVersion, field: string, broken?: string) {
    const { statement } = problemFacts(problem, version, broken);
    super(`cannot encode ${field}`, { problem, statement, field });
  }
}

/** A topic name or filter that MQTT does not allow. */
export class InvalidTopicError extends ProblemError {
  override readonly code = 'invalid-topic';
  declare readonly reasonCode: number;
  declare readonly topic: string;

  constructor({ topic, problem }: { readonly topic: string; readonly problem: Problem }) {
    super(`cannot use ${JSON.stringify(topic.slice(0, 100))}`, { problem, ...problemFacts(problem, '5.0'), topic });
  }
}

/** The packet is sound, but larger than the peer or the protocol accepts. Nothing was written. */
export class PacketTooLargeError extends MqttError {
  override readonly code = 'packet-too-large';
  override readonly reasonCode = 0x95;
  readonly size: number;
  readonly limit: number;

  constructor({ size, limit }: { readonly size: number; readonly limit: number }) {
    super(`cannot encode ${size} bytes, at most ${limit} may be sent: make the payload smaller`);
    this.size = size;
    this.limit = limit;
  }
}
