/** The errors that codec and everything above it throw. Recognise them by `code`; messages are for people. */
import type { Packet, ProtocolVersion } from './packet.ts';
import { problemFacts, type Problem } from './problems.ts';

/** The base of every error of the project. `code` is stable; `retryable` says whether the same call may succeed later. */
export abstract class MqttError extends Error {
  abstract readonly code: string;
  readonly retryable: boolean = false;
  readonly reasonCode?: number;

  override get name(): string {
    return this.constructor.name;
  }
}

interface MalformedPacketDetails {
  readonly problem: Problem;
  readonly version: ProtocolVersion;
  readonly offset: number;
  readonly statement?: string | undefined;
}

/** The peer sent something that MQTT does not allow: tell it `reasonCode` (5.0) and close the connection. */
export class MalformedPacketError extends MqttError {
  override readonly code = 'malformed-packet';
  override readonly reasonCode: number;
  readonly problem: Problem;
  /** Where in the packet, counted from its first byte. */
  readonly offset: number;
  /** The statement that was broken, such as `MQTT-3.3.1-4`, where the standard has one. */
  readonly statement?: string;
  /** The sound packets that stood before the bad one in the same chunk. */
  packets: readonly Packet[] = [];

  constructor({ problem, version, offset, statement }: MalformedPacketDetails) {
    const facts = problemFacts(problem, version);
    const broken = statement ?? facts.statement;
    super(`${facts.message} at byte ${offset} of the received packet${broken ? ` [${broken}]` : ''}`);
    this.problem = problem;
    this.reasonCode = facts.reasonCode;
    this.offset = offset;
    if (broken !== undefined) this.statement = broken;
  }
}

interface InvalidPacketDetails {
  readonly problem: Problem;
  readonly field: string;
  readonly version: ProtocolVersion;
  readonly statement?: string | undefined;
}

/** You asked to send something that MQTT does not allow. Nothing was written. */
export class InvalidPacketError extends MqttError {
  override readonly code = 'invalid-packet';
  readonly problem: Problem;
  /** The part of the packet that is wrong, such as `will.topic`. */
  readonly field: string;
  readonly statement?: string;

  constructor({ problem, field, version, statement }: InvalidPacketDetails) {
    const facts = problemFacts(problem, version);
    const broken = statement ?? facts.statement;
    super(`cannot encode ${field}: ${facts.message}${broken ? ` [${broken}]` : ''}`);
    this.problem = problem;
    this.field = field;
    if (broken !== undefined) this.statement = broken;
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
    super(`${JSON.stringify(topic.slice(0, 100))} cannot be used: ${facts.message}`);
    this.reasonCode = facts.reasonCode;
    this.topic = topic;
    this.problem = problem;
  }
}
