/** The side of the thread that forwards: tells the thread that decodes what it sees, and never waits for it. */
import { nowMs } from './clock.ts';
import { RingWriter, type EntryKind, type Ring } from './ring.ts';

/** What the other thread is told when a connection begins. */
export interface ConnectionFacts {
  /** `mqtt`, `mqtts`, `ws`, `wss`, `unix`, `tap`: the beginning of its name. */
  readonly kind: string;
  readonly client: string;
  readonly server: string;
  /** The URL of the listener, and the name that the client asked for in TLS. */
  readonly listener?: string | undefined;
  readonly sni?: string | undefined;
  /** Why there is no connection to the upstream. */
  readonly problem?: string;
}

export type FeedDirection = 'c2s' | 's2c';
export type FeedSide = 'client' | 'server' | undefined;

export interface FeedConnection {
  bytes(direction: FeedDirection, chunk: Uint8Array, at?: number): void;
  close(by: FeedSide, at?: number): void;
}

const sides: readonly FeedSide[] = [undefined, 'client', 'server'];
const encoder = new TextEncoder();

export class Feed {
  readonly #writer: RingWriter;
  readonly #wake: () => void;
  #isOff = false;
  #count = 0;
  #skippedBytes = 0;

  constructor(ring: Ring, wake: () => void) {
    this.#writer = new RingWriter(ring);
    this.#wake = wake;
  }

  /** Bytes that nobody decoded, because the other thread was too far behind. */
  get skippedBytes(): number {
    return this.#skippedBytes;
  }

  /** Nobody reads any more: forwarding goes on unseen. */
  turnOff(): void {
    this.#isOff = true;
  }

  open(facts: ConnectionFacts, at: number = nowMs()): FeedConnection {
    this.#count += 1;
    const connection = this.#count;
    let gapBytes = 0;
    const write = (kind: EntryKind, bytes: Uint8Array, entry: { at: number; direction?: 0 | 1 }): boolean => {
      if (this.#isOff || !this.#writer.write({ kind, direction: 0, connection, bytes, ...entry })) return false;
      if (this.#writer.takeSleep()) this.#wake();
      return true;
    };
    const writePiece = (direction: 0 | 1, piece: Uint8Array, when: number): void => {
      // After a hole nothing of this connection is written until the hole is, so that it stands where it was; and it
      // is not until something can follow it.
      if (gapBytes > 0 && this.#writer.hasRoomFor(piece.length) && write('gap', gapText(gapBytes), { at: when })) {
        gapBytes = 0;
      }
      if (gapBytes === 0 && write('bytes', piece, { at: when, direction })) return;
      gapBytes += piece.length;
      this.#skippedBytes += piece.length;
    };
    write('open', encoder.encode(JSON.stringify(facts)), { at });
    return {
      bytes: (direction, chunk, when = nowMs()) => {
        const longest = this.#writer.longestBytes;
        for (let from = 0; from < chunk.length; from += longest) {
          writePiece(direction === 'c2s' ? 0 : 1, chunk.subarray(from, from + longest), when);
        }
      },
      close: (by, when = nowMs()) => {
        write('close', Uint8Array.of(sides.indexOf(by)), { at: when });
      },
    };
  }
}

export function sideOf(bytes: Uint8Array): FeedSide {
  return sides[bytes[0] ?? 0];
}

function gapText(bytes: number): Uint8Array {
  return encoder.encode(String(bytes));
}
