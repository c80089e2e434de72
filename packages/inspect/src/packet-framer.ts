/**
 * Cuts one direction of a connection into packets, whatever comes. What is no packet comes out as garbage; where the
 * next packet begins is then unknown, and the framer waits for a chunk that begins with a sound one.
 */
import { findPacket, packetSizeAt } from './find-packet.ts';

export interface Frame {
  readonly kind: 'packet' | 'garbage';
  /** The packet, or its beginning when it is larger than what is kept. */
  readonly bytes: Uint8Array;
  /** How long it was on the wire. */
  readonly size: number;
  /** The connection ended within the packet; of garbage: it is what is left of one whose beginning was not seen. */
  readonly isCut: boolean;
}

export interface PacketFramerOptions {
  /** So much of a packet is kept at most. */
  readonly maximumKeptBytes: number;
  /** Whether these bytes are one packet without a fault: how the framer finds its way back. */
  readonly isSound: (packet: Uint8Array) => boolean;
  /** The first bytes may come from the middle of a packet. Default: false. */
  readonly isCutIn?: boolean;
  /** Makes the copy of a packet that is kept. Default: one with a buffer of its own. */
  readonly copyOf?: (bytes: Uint8Array) => Uint8Array;
}

const LONGEST_HEADER = 5;
const SMALLEST_BUFFER = 64;
const NOTHING = new Uint8Array(0);

export class PacketFramer {
  readonly #maximumKeptBytes: number;
  readonly #isSound: (packet: Uint8Array) => boolean;
  readonly #copyOf: (bytes: Uint8Array) => Uint8Array;
  /** The beginning of an unfinished packet; the first `#held` bytes count. */
  #partial: Uint8Array = NOTHING;
  #held = 0;
  /** Bytes of the unfinished packet that came, kept or not. */
  #seen = 0;
  /** Its size; 0 while its header is unfinished. */
  #size = 0;
  #isLost: boolean;
  /** Nobody is to blame for what comes before the first packet. */
  #isCutIn: boolean;

  constructor({ maximumKeptBytes, isSound, isCutIn = false, copyOf = (bytes) => bytes.slice() }: PacketFramerOptions) {
    this.#maximumKeptBytes = Math.max(LONGEST_HEADER, maximumKeptBytes);
    this.#isSound = isSound;
    this.#copyOf = copyOf;
    this.#isLost = isCutIn;
    this.#isCutIn = isCutIn;
  }

  /** Bytes of an unfinished packet that wait for the rest. */
  get bufferedBytes(): number {
    return this.#held;
  }

  /** The frames that `chunk` completes, as copies: the chunk may be reused. */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#isLost) at = this.#findBack(chunk, at, frames);
      else if (this.#seen === 0) at = this.#begin(chunk, at, frames);
      else at = this.#goOn(chunk, at, frames);
    }
    return frames;
  }

  /** What was unfinished when the connection ended. */
  finish(): Frame | undefined {
    if (this.#seen === 0) return undefined;
    const frame = {
      kind: 'packet',
      bytes: this.#copyOf(this.#partial.subarray(0, this.#held)),
      size: this.#seen,
      isCut: true,
    } as const;
    this.#reset();
    return frame;
  }

  /** The common case: a whole packet within the chunk. */
  #begin(chunk: Uint8Array, start: number, frames: Frame[]): number {
    const size = packetSizeAt(chunk, start, chunk.length);
    if (size === 0 || size === -1 || start + size > chunk.length) return this.#goOn(chunk, start, frames);
    const kept = Math.min(size, this.#maximumKeptBytes);
    frames.push({ kind: 'packet', bytes: this.#copyOf(chunk.subarray(start, start + kept)), size, isCut: false });
    return start + size;
  }

  /** Adds to the unfinished packet: byte by byte until its size is known. */
  #goOn(chunk: Uint8Array, start: number, frames: Frame[]): number {
    const missing = this.#size === 0 ? 1 : this.#size - this.#seen;
    const end = Math.min(chunk.length, start + missing);
    this.#keep(chunk.subarray(start, end));
    this.#seen += end - start;
    if (this.#size === 0) this.#size = packetSizeAt(this.#partial, 0, this.#held);
    if (this.#size === -1) {
      // A length that does not end: there is no telling where the next packet begins.
      frames.push({
        kind: 'packet',
        bytes: this.#copyOf(this.#partial.subarray(0, this.#held)),
        size: this.#seen,
        isCut: false,
      });
      this.#reset();
      this.#isLost = true;
    } else if (this.#size > 0 && this.#seen >= this.#size) {
      const bytes = this.#copyOf(this.#partial.subarray(0, this.#held));
      frames.push({ kind: 'packet', bytes, size: this.#size, isCut: false });
      this.#reset();
    }
    return end;
  }

  #findBack(chunk: Uint8Array, start: number, frames: Frame[]): number {
    const size = start === 0 ? packetSizeAt(chunk, 0, chunk.length) : 0;
    if (size > 0 && size <= chunk.length && this.#isSound(chunk.subarray(0, size))) {
      this.#isLost = false;
      this.#isCutIn = false;
      return start;
    }
    const rest = chunk.subarray(start);
    const found = this.#isCutIn ? findPacket(rest, this.#isSound) : -1;
    const left = found > 0 ? rest.subarray(0, found) : rest;
    const bytes = this.#copyOf(left.subarray(0, this.#maximumKeptBytes));
    frames.push({ kind: 'garbage', bytes, size: left.length, isCut: this.#isCutIn });
    if (found > 0) {
      this.#isLost = false;
      this.#isCutIn = false;
    }
    return start + left.length;
  }

  // The buffer doubles: a peer has to send bytes to make us hold bytes.
  #keep(bytes: Uint8Array): void {
    const room = Math.min(bytes.length, this.#maximumKeptBytes - this.#held);
    if (room <= 0) return;
    const held = this.#held + room;
    if (held > this.#partial.length) {
      const larger = new Uint8Array(
        Math.min(this.#maximumKeptBytes, Math.max(held, this.#partial.length * 2, SMALLEST_BUFFER)),
      );
      larger.set(this.#partial.subarray(0, this.#held));
      this.#partial = larger;
    }
    this.#partial.set(bytes.subarray(0, room), this.#held);
    this.#held = held;
  }

  #reset(): void {
    this.#partial = NOTHING;
    this.#held = 0;
    this.#seen = 0;
    this.#size = 0;
  }
}
