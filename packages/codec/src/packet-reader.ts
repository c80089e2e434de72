/** A cursor over the bytes of one packet that turns every way of running out of them into a typed error. */
import { MalformedPacketError } from './errors.ts';
import type { ProtocolVersion } from './packet.ts';
import type { Problem } from './problems.ts';
import type { Side } from './reason-codes.ts';
import { readText, readTopicName } from './text.ts';

/** Which end of the connection reads: a client, a server, or a bystander that sees both directions. */
export type Role = Side | 'either';

/** No bytes, for those who have none yet. */
export const NOTHING: Uint8Array = new Uint8Array(0);

export class PacketReader {
  readonly role: Role;
  /** Who sent what is read here. */
  readonly sender: Role;
  /** `auto` until a CONNECT tells. */
  version: ProtocolVersion | 'auto';
  bytes: Uint8Array = NOTHING;
  /** The same bytes four at a time, for who wants them so; made when it is needed first. */
  words: DataView | undefined;
  /** Index of the next byte to read. */
  at = 0;
  /** Index behind the last byte of the packet. */
  end = 0;
  #start = 0;
  #buffer: ArrayBufferLike = this.bytes.buffer;
  #offset = 0;

  constructor(version: ProtocolVersion | 'auto', role: Role) {
    this.version = version;
    this.role = role;
    this.sender = role === 'client' ? 'server' : role === 'server' ? 'client' : 'either';
  }

  /** Begins a packet whose fixed header begins at `start`. */
  open(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.#buffer = bytes.buffer;
      this.#offset = bytes.byteOffset;
      this.words = undefined;
    }
    this.#start = start;
    this.at = start;
    this.end = end;
  }

  /** Bytes left in the packet. */
  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    const at = this.at;
    if (at >= this.end) this.fail('truncated');
    this.at = at + 1;
    return this.bytes[at] as number;
  }

  u16(): number {
    const at = this.at;
    if (at + 2 > this.end) this.fail('truncated');
    this.at = at + 2;
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
  }

  u32(): number {
    const high = this.u16();
    return high * 0x1_0000 + this.u16();
  }

  /** A variable byte integer. The longer forms of a number are refused: no conforming peer writes them. */
  variable(): number {
    let value = 0;
    for (let shift = 0; shift <= 21; shift += 7) {
      const byte = this.u8();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) this.fail('bad-variable-integer');
        return value;
      }
    }
    this.fail('bad-variable-integer');
  }

  /** A UTF-8 string behind its two-byte length. */
  text(): string {
    const start = this.skip();
    return readText(this, start, this.at);
  }

  /** A topic name without wildcards; whether it may be empty is for the caller to say. */
  topic(statement?: string): string {
    const start = this.skip();
    return readTopicName(this, start, this.at, statement);
  }

  /** A view of the bytes behind a two-byte length. */
  binary(): Uint8Array {
    const start = this.skip();
    return this.#view(start, this.at);
  }

  /** What is left of the packet, as a view. */
  rest(): Uint8Array {
    const start = this.at;
    this.at = this.end;
    return this.#view(start, this.end);
  }

  packetId(): number {
    const id = this.u16();
    if (id === 0) this.fail('bad-packet-id');
    return id;
  }

  fail(problem: Problem, statement?: string): never {
    const version = this.version === 'auto' ? '5.0' : this.version;
    throw new MalformedPacketError(problem, version, this.at - this.#start, statement);
  }

  // Faster than `subarray`, and never a Buffer.
  #view(start: number, end: number): Uint8Array {
    return new Uint8Array(this.#buffer, this.#offset + start, end - start);
  }

  /** Goes behind a field that begins with its two-byte length, and returns where its bytes begin. */
  private skip(): number {
    const length = this.u16();
    const start = this.at;
    if (start + length > this.end) this.fail('truncated');
    this.at = start + length;
    return start;
  }
}
