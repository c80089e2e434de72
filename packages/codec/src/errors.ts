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

/** What is wrong with a packet, and which statement of the standard says so. */
abstract class PacketError extends MqttError {
  readonly problem: Problem;
  /** The statement that was broken, such as `MQTT-3.3.1-4`, where the standard has one. */
  readonly statement: string | undefined;

  constructor(what: string, problem: Problem, statement: string | undefined) {
    super(`${what}: ${describe(problem, statement)}`);
    this.problem = problem;
    this.statement = statement;
  }
}

/** The peer sent something that MQTT does not allow: tell it `reasonCode` (5.0) and close the connection. */
export class MalformedPacketError extends PacketError {
  override readonly code = 'malformed-packet';
  override readonly reasonCode: number;
  /** Where in the packet, counted from its first byte. */
  readonly offset: number;
  /** The sound packets that stood before the bad one in the same chunk. */
  packets: readonly Packet[] = [];

  constructor(problem: Problem, version: ProtocolVersion, offset: number, statement?: string) {
    const facts = problemFacts(problem, version, statement);
    super(`received a malformed packet, wrong at byte ${offset}`, problem, facts.statement);
    this.reasonCode = facts.reasonCode;
    this.offset = offset;
  }
}

/** You asked to send something that MQTT does not allow. Nothing was written. */
export class InvalidPacketError extends PacketError {
  override readonly code = 'invalid-packet';
  /** The part of the packet that is wrong, such as `will.topic`. */
  readonly field: string;

  constructor(problem: Problem, version: ProtocolVersion, field: string, statement?: string) {
    super(`cannot encode ${field}`, problem, problemFacts(problem, version, statement).statement);
    this.field = field;
  }
}

/** The packet is sound, but larger than the peer or the protocol accepts. Nothing was written. */
export class PacketTooLargeError extends MqttError {
  override readonly code = 'packet-too-large';
  override readonly reasonCode = 0x95;
  readonly size: number;
  readonly limit: number;

  constructor({ size, limit }: { readonly size: number; readonly limit: number }) {
    super(`the packet has ${size} bytes, and at most ${limit} may be sent: make the payload smaller`);
    this.size = size;
    this.limit = limit;
  }
}

/** A topic name or filter that MQTT does not allow. */
export class InvalidTopicError extends MqttError {
  override readonly code = 'invalid-topic';
  override readonly reasonCode: number;
  readonly topic: string;
  readonly problem: Problem;

  constructor({ topic, problem }: { readonly topic: string; readonly problem: Problem }) {
    const facts = problemFacts(problem, '5.0');
    super(`${JSON.stringify(topic.slice(0, 100))} cannot be used: ${describe(problem, facts.statement)}`);
    this.reasonCode = facts.reasonCode;
    this.topic = topic;
    this.problem = problem;
  }
}

/** The names of the problems are made to be read. */
function describe(problem: Problem, statement: string | undefined): string {
  return problem.replaceAll('-', ' ') + (statement === undefined ? '' : ` [${statement}]`);
}
