/** Appends packets to one growing buffer. What goes wrong in a packet is undone, so that only whole packets are there. */
import { InvalidPacketError, PacketTooLargeError } from './errors.ts';
import type { ProtocolVersion } from './packet.ts';
import { NOTHING, type Role } from './packet-reader.ts';
import type { Problem } from './problems.ts';
import { writeRecurringText } from './text.ts';
import { writeTopic } from './topic-fields.ts';

const SMALLEST_BUFFER = 256;
// More than a batch of 64 KiB, so that who takes those does not pay for another doubling each time.
const LARGEST_REUSED_CAPACITY = 98_304;
/** The largest variable byte integer, and so the most bytes that may follow the fixed header. */
export const LARGEST_VARIABLE: number = 2 ** 28 - 1;

export class PacketWriter {
  readonly version: ProtocolVersion;
  readonly role: Role;
  bytes: Uint8Array = NOTHING;
  /** The same bytes four at a time, for who wants them so; made when it is needed first. */
  words: DataView | undefined;
  /** Index of the next byte to write. */
  at = 0;
  /** How long the last property block was: the best guess for the next one. */
  propertyBytes = 0;
  #capacity = SMALLEST_BUFFER;

  constructor(version: ProtocolVersion, role: Role) {
    this.version = version;
    this.role = role;
  }

  /** Makes room for `count` bytes more, and returns where they begin. The caller moves `at`. */
  reserve(count: number): number {
    const needed = this.at + count;
    if (needed > this.bytes.length) this.#grow(needed);
    return this.at;
  }

  /** The lowest eight bits: a byte array takes no more. */
  u8(value: number): void {
    const at = this.reserve(1);
    this.bytes[at] = value;
    this.at = at + 1;
  }

  u16(value: number): void {
    const at = this.reserve(2);
    this.bytes[at] = value >>> 8;
    this.bytes[at + 1] = value;
    this.at = at + 2;
  }

  u32(value: number): void {
    this.u16(value >>> 16);
    this.u16(value);
  }

  /** A variable byte integer in its shortest form [MQTT-1.5.5-1]. */
  variable(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.u8(rest | 0x80);
      rest >>>= 7;
    }
    this.u8(rest);
  }

  /** Bytes behind their two-byte length. */
  binary(value: Uint8Array, field: string): void {
    if (!(value instanceof Uint8Array)) this.fail('bad-value', field);
    if (value.length > 65_535) this.fail('text-too-long', field);
    this.u16(value.length);
    this.raw(value);
  }

  /** A text that other packets may have as well. `field` names it in errors. */
  text(value: string, field: string): void {
    writeRecurringText(this, value, field);
  }

  /** The name of a topic, with the statement that a wildcard breaks. */
  topic(value: string, field: string, statement?: string): void {
    writeTopic(this, value, field, statement);
  }

  /** The bytes alone; the caller has checked that they are bytes. */
  raw(value: Uint8Array): void {
    refuseOver(value.length);
    const at = this.reserve(value.length);
    this.bytes.set(value, at);
    this.at = at + value.length;
  }

  /** `bit` when the value is true; refuses what is not a boolean. */
  flag(value: unknown, bit: number, field: string): number {
    if (typeof value !== 'boolean') this.fail('bad-value', field);
    return value ? bit : 0;
  }

  /** Refuses what has no fields. */
  object(value: unknown, field: string): void {
    if (typeof value !== 'object' || value === null) this.fail('bad-value', field);
  }

  packetId(value: number | undefined): void {
    if (!isIntegerWithin(value, 1, 0xffff)) this.fail('bad-packet-id', 'packetId');
    this.u16(value);
  }

  /**
   * Leaves room for the length of what is written next, and returns where. The length itself is known at the end;
   * `expected` says how many bytes to leave, and when it proves wrong, `close` moves what was written.
   */
  open(expected: number): number {
    const count = bytesOfVariable(expected);
    const at = this.reserve(count);
    this.bytes[at] = count;
    this.at = at + count;
    return at;
  }

  close(at: number): void {
    const reserved = this.bytes[at] as number;
    const length = this.at - at - reserved;
    refuseOver(length);
    const count = bytesOfVariable(length);
    if (count !== reserved) {
      this.reserve(4);
      this.bytes.copyWithin(at + count, at + reserved, this.at);
    }
    this.at = at;
    this.variable(length);
    this.at = at + count + length;
  }

  /** Leaves the buffer to whoever took bytes of it; the next one is made when it is needed, and as large. */
  release(): void {
    this.#capacity = Math.min(this.bytes.length, LARGEST_REUSED_CAPACITY);
    this.bytes = NOTHING;
    this.words = undefined;
    this.at = 0;
  }

  fail(problem: Problem, field: string, statement?: string): never {
    throw new InvalidPacketError(problem, this.version, field, statement);
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2, this.#capacity));
    larger.set(this.bytes);
    this.bytes = larger;
    this.words = undefined;
  }
}

export function isIntegerWithin(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function refuseOver(size: number): void {
  if (size > LARGEST_VARIABLE) throw new PacketTooLargeError({ size, limit: LARGEST_VARIABLE });
}

function bytesOfVariable(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 2 ** 21 ? 3 : 4;
}
