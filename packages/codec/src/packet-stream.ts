/** Packets out of a byte stream that comes in chunks of any size. */
import { checkFixedHeader, readPacket } from './decode.ts';
import { MalformedPacketError } from './errors.ts';
import type { Packet, ProtocolVersion } from './packet.ts';
import { PacketReader, type Role } from './packet-reader.ts';

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
    if (this.#failure !== undefined) throw this.#failure;
    const packets: Packet[] = [];
    try {
      const start = this.#held === 0 ? 0 : this.#complete(chunk, packets);
      this.#readAll(chunk, start, packets);
    } catch (error) {
      if (!(error instanceof MalformedPacketError)) throw error;
      this.#partial = NOTHING;
      this.#held = 0;
      this.#failure = error;
      error.packets = packets;
      throw error;
    }
    return packets;
  }

  #readAll(chunk: Uint8Array, start: number, packets: Packet[]): void {
    let at = start;
    while (at < chunk.length) {
      const size = this.#sizeOfPacket(chunk, at, chunk.length);
      if (size === 0 || at + size > chunk.length) {
        this.#append(chunk, at, chunk.length, size === 0 ? LONGEST_HEADER : size);
        return;
      }
      packets.push(readPacket(this.#reader, chunk[at] as number));
      at += size;
    }
  }

  /** Adds to the unfinished packet, and returns where in `chunk` the next one begins. */
  #complete(chunk: Uint8Array, packets: Packet[]): number {
    let at = 0;
    let size = this.#sizeOfPacket(this.#partial, 0, this.#held);
    while (size === 0 && at < chunk.length) {
      this.#append(chunk, at, at + 1, LONGEST_HEADER);
      at += 1;
      size = this.#sizeOfPacket(this.#partial, 0, this.#held);
    }
    if (size === 0) return at;
    const end = Math.min(chunk.length, at + size - this.#held);
    this.#append(chunk, at, end, size);
    if (this.#held < size) return end;
    const packet = this.#partial;
    this.#partial = NOTHING;
    this.#held = 0;
    this.#sizeOfPacket(packet, 0, size);
    packets.push(readPacket(this.#reader, packet[0] as number));
    return end;
  }

  /** The size of the packet that begins at `start`, with the reader open on it; 0 while its header is unfinished. */
  #sizeOfPacket(bytes: Uint8Array, start: number, end: number): number {
    const reader = this.#reader;
    reader.open(bytes, start, start, end);
    checkFixedHeader(reader, reader.u8());
    if (!isHeaderComplete(bytes, start, end)) return 0;
    const size = reader.variable() + reader.at - start;
    if (size > this.#maximumPacketBytes) reader.fail('packet-too-large');
    reader.end = start + size;
    return size;
  }

  // The buffer doubles instead of taking what the header announces: a peer has to send bytes to make us hold bytes.
  #append(chunk: Uint8Array, start: number, end: number, size: number): void {
    const held = this.#held + end - start;
    if (held > this.#partial.length) {
      const larger = new Uint8Array(Math.min(size, Math.max(held, this.#partial.length * 2, SMALLEST_BUFFER)));
      larger.set(this.#partial.subarray(0, this.#held));
      this.#partial = larger;
    }
    this.#partial.set(chunk.subarray(start, end), this.#held);
    this.#held = held;
  }
}

const NOTHING = new Uint8Array(0);
const SMALLEST_BUFFER = 64;

function isHeaderComplete(bytes: Uint8Array, start: number, end: number): boolean {
  const longest = start + LONGEST_HEADER;
  if (end >= longest) return true;
  for (let at = start + 1; at < end; at += 1) {
    if ((bytes[at] as number) < 0x80) return true;
  }
  return false;
}
