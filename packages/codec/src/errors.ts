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

/** An error about bytes, packets and topics. Its facts become its fields. */
abstract class CodecError extends MqttError {
  constructor(message: string, facts: object) {
    super(message);
    Object.assign(this, facts);
  }
}

/** The peer sent something that MQTT does not allow: tell it `reasonCode` (5.0) and close the connection. */
export class MalformedPacketError extends CodecError {
  override readonly code = 'malformed-packet';
  declare readonly reasonCode: number;
  declare readonly problem: Problem;
  /** The statement that was broken, such as `MQTT-3.3.1-4`, where the standard has one. */
  declare readonly statement: string | undefined;
  /** Where in the packet, counted from its first byte. */
  declare readonly offset: number;
  /** The sound packets that stood before the bad one in the same chunk. */
  packets: readonly Packet[] = [];

  constructor(problem: Problem, version: ProtocolVersion, offset: number, broken?: string) {
    const { reasonCode, statement } = problemFacts(problem, version, broken);
    super(`malformed packet at byte ${offset}: ${describe(problem, statement)}`, {
      problem,
      reasonCode,
      statement,
      offset,
    });
  }
}

/** You asked to send something that MQTT does not allow. Nothing was written. */
export class InvalidPacketError extends CodecError {
  override readonly code = 'invalid-packet';
  declare readonly problem: Problem;
  /** The statement that would be broken, where the standard has one. */
  declare readonly statement: string | undefined;
  /** The part of the packet that is wrong, such as `will.topic`. */
  declare readonly field: string;

  constructor(problem: Problem, version: ProtocolVersion, field: string, broken?: string) {
    const { statement } = problemFacts(problem, version, broken);
    super(`cannot encode ${field}: ${describe(problem, statement)}`, { problem, statement, field });
  }
}

/** The packet is sound, but larger than the peer or the protocol accepts. Nothing was written. */
export class PacketTooLargeError extends CodecError {
  override readonly code = 'packet-too-large';
  override readonly reasonCode = 0x95;
  declare readonly size: number;
  declare readonly limit: number;

  constructor(facts: { readonly size: number; readonly limit: number }) {
    super(`the packet has ${facts.size} bytes, at most ${facts.limit} may be sent: make the payload smaller`, facts);
  }
}

/** A topic name or filter that MQTT does not allow. */
export class InvalidTopicError extends CodecError {
  override readonly code = 'invalid-topic';
  declare readonly reasonCode: number;
  declare readonly topic: string;
  declare readonly problem: Problem;

  constructor({ topic, problem }: { readonly topic: string; readonly problem: Problem }) {
    const { reasonCode, statement } = problemFacts(problem, '5.0');
    super(`${JSON.stringify(topic.slice(0, 100))} cannot be used: ${describe(problem, statement)}`, {
      topic,
      problem,
      reasonCode,
    });
  }
}

/** The names of the problems are made to be read. */
function describe(problem: Problem, statement: string | undefined): string {
  return problem.replaceAll('-', ' ') + (statement === undefined ? '' : ` [${statement}]`);
}
