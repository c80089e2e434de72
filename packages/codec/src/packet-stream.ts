/** Packets out of a byte stream that comes in chunks of any size. */
import { checkFixedHeader, readPacket } from './decode.ts';
import { MalformedPacketError } from './errors.ts';
import type { Packet, ProtocolVersion } from './packet.ts';
import { NOTHING, PacketReader, type Role } from './packet-reader.ts';

export interface PacketStreamOptions {
  /** `auto` takes the version from the CONNECT, which then has to come first: for servers and observers. */
  readonly version: ProtocolVersion | 'auto';
  /** Which end reads. Default: `either`. */
  readonly role?: Role;
  /** The largest packet to accept, fixed header included. Default: what the protocol can express. */
  readonly maximumPacketBytes?: number;
}

/** A first byte, and a Remaining Length of at most four. */
const LONGEST_HEADER = 5;

/**
 * Time and memory grow with the bytes, however they are cut. A packet that lies within one chunk is read where it is,
 * and its payload is a view of that chunk: whoever pushes a chunk must not write to it afterwards, and whoever keeps a
 * payload keeps its chunk, so copy what is small and stays (`payload.slice()`).
 */
export class PacketStream {
  readonly #reader: PacketReader;
  readonly #maximumPacketBytes: number;
  /** The beginning of a packet whose end has not come; only the first `#held` bytes count. */
  #partial: Uint8Array = NOTHING;
  #held = 0;
  /** Its size, or one byte more than is held while its header is unfinished. */
  #wanted = 1;
  #failure: MalformedPacketError | undefined;

  constructor({ version, role = 'either', maximumPacketBytes = Infinity }: PacketStreamOptions) {
    this.#reader = new PacketReader(version, role);
    this.#maximumPacketBytes = maximumPacketBytes;
  }

  get version(): ProtocolVersion | 'auto' {
    return this.#reader.version;
  }

  /** Bytes of an unfinished packet that wait for the rest. */
  get bufferedBytes(): number {
    return this.#held;
  }

  /**
   * The packets that `chunk` completes. Throws a `MalformedPacketError`, whose `packets` are those that stood before the
   * bad one; from then on every call throws it again, because no one can tell where the next packet begins.
   */
  push(chunk: Uint8Array): Packet[] {
    if (this.#failure) throw this.#failure;
    const packets: Packet[] = [];
    try {
      for (let at = 0; at < chunk.length;) at = this.#read(chunk, at, packets);
      // An idle stream must not keep the last chunk alive.
      this.#reader.open(NOTHING, 0, 0);
    } catch (error) {
      if (!(error instanceof MalformedPacketError)) throw error;
      this.#drop();
      this.#failure = error;
      error.packets = packets;
      throw error;
    }
    return packets;
  }

  /** Reads the packet that begins at `start` where it is, if it is all there; returns how far it went in `chunk`. */
  #read(chunk: Uint8Array, start: number, packets: Packet[]): number {
    const size = this.#held === 0 ? this.#sizeOfPacket(chunk, start, chunk.length) : 0;
    if (size === 0 || start + size > chunk.length) return this.#gather(chunk, start, packets);
    packets.push(readPacket(this.#reader, chunk[start] as number));
    return start + size;
  }

  /** Adds to the unfinished packet, byte by byte until its size is known, and returns how far it went in `chunk`. */
  #gather(chunk: Uint8Array, start: number, packets: Packet[]): number {
    const end = Math.min(chunk.length, start + this.#wanted - this.#held);
    this.#append(chunk.subarray(start, end));
    // Until all that is wanted is there, nothing is to be done.
    if (this.#held < this.#wanted) return end;
    const partial = this.#partial;
    this.#wanted = this.#sizeOfPacket(partial, 0, this.#held) || this.#held + 1;
    if (this.#held === this.#wanted) {
      this.#drop();
      packets.push(readPacket(this.#reader, partial[0] as number));
    }
    return end;
  }

  /** The size of the packet that begins at `start`, with the reader open on it; 0 while its header is unfinished. */
  #sizeOfPacket(bytes: Uint8Array, start: number, end: number): number {
    const reader = this.#reader;
    reader.open(bytes, start, end);
    checkFixedHeader(reader, reader.u8());
    const isCut = end - start < LONGEST_HEADER && bytes.subarray(start + 1, end).every((byte) => byte >= 0x80);
    if (isCut) return 0;
    const size = reader.variable() + reader.at - start;
    if (size > this.#maximumPacketBytes) reader.fail('packet-too-large');
    reader.end = start + size;
    return size;
  }

  // The buffer grows eightfold instead of taking what the header announces: a peer has to send bytes to make us hold bytes.
  #append(bytes: Uint8Array): void {
    const held = this.#held + bytes.length;
    if (held > this.#partial.length) {
      const larger = new Uint8Array(Math.max(SMALLEST_BUFFER, Math.min(this.#wanted, held * 8)));
      larger.set(this.#partial);
      this.#partial = larger;
    }
    this.#partial.set(bytes, this.#held);
    this.#held = held;
  }

  #drop(): void {
    this.#partial = NOTHING;
    this.#held = 0;
    this.#wanted = 1;
  }
}

const SMALLEST_BUFFER = 64;
