/** One direction of a WebSocket in a capture: the bytes of MQTT in it, without HTTP, frames and masks. */

/** A head that is longer is none. */
const LONGEST_HEAD_BYTES = 16_384;
const LONGEST_FRAME_HEADER = 14;
const CONTROL = 0x08;
/** Of permessage-deflate, which MQTT clients do not ask for. */
const COMPRESSED = 0x40;
const NOTHING = new Uint8Array(0);

export class WebSocketStream {
  /** The HTTP request or answer, once it is complete. */
  head: string | undefined;
  /** Why the rest is not read, as a part of a sentence. */
  problem: string | undefined;
  /** The unfinished head, or the unfinished header of a frame. */
  #held: Uint8Array = NOTHING;
  /** Bytes of the frame that are still to come. */
  #left = 0;
  #mask: Uint8Array = NOTHING;
  #maskAt = 0;
  #isControl = false;

  push(chunk: Uint8Array): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    let bytes = joined(this.#held, chunk);
    this.#held = NOTHING;
    if (this.head === undefined) bytes = this.#takeHead(bytes);
    while (bytes.length > 0 && this.problem === undefined) {
      if (this.#left === 0) bytes = this.#takeHeader(bytes);
      const part = bytes.subarray(0, this.#left);
      if (part.length === 0) continue;
      if (!this.#isControl) pieces.push(this.#unmasked(part));
      this.#left -= part.length;
      bytes = bytes.subarray(part.length);
    }
    return pieces;
  }

  #takeHead(bytes: Uint8Array): Uint8Array {
    const text = Array.from(bytes.subarray(0, LONGEST_HEAD_BYTES), (each) => String.fromCharCode(each)).join('');
    const end = text.indexOf('\r\n\r\n');
    if (end !== -1) {
      this.head = text.slice(0, end + 2);
      return bytes.subarray(end + 4);
    }
    if (bytes.length >= LONGEST_HEAD_BYTES) this.problem = 'its HTTP header does not end';
    else this.#held = bytes;
    return NOTHING;
  }

  /** Returns what follows the header; what is unfinished is held. */
  #takeHeader(bytes: Uint8Array): Uint8Array {
    const second = bytes[1] ?? 0;
    const isMasked = second >= 0x80;
    const short = second & 0x7f;
    const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
    const size = 2 + lengthBytes + (isMasked ? 4 : 0);
    if (bytes.length < Math.min(size, LONGEST_FRAME_HEADER) || bytes.length < 2) {
      this.#held = bytes;
      return NOTHING;
    }
    const first = bytes[0] ?? 0;
    if ((first & COMPRESSED) !== 0) this.problem = 'its frames are compressed';
    this.#isControl = (first & CONTROL) !== 0;
    this.#left =
      lengthBytes === 0 ? short : bytes.subarray(2, 2 + lengthBytes).reduce((sum, each) => sum * 256 + each, 0);
    this.#mask = isMasked ? bytes.slice(size - 4, size) : NOTHING;
    this.#maskAt = 0;
    return bytes.subarray(size);
  }

  #unmasked(part: Uint8Array): Uint8Array {
    if (this.#mask.length === 0) return part;
    const from = this.#maskAt;
    this.#maskAt = (from + part.length) % 4;
    return part.map((each, index) => each ^ (this.#mask[(from + index) % 4] ?? 0));
  }
}

/** Whether a request asks for what [MQTT-6.0.0-3] says that clients of MQTT ask for. */
export function asksForMqtt(head: string): boolean {
  return /^upgrade:\s*websocket/im.test(head) && /^sec-websocket-protocol:.*\bmqtt/im.test(head);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
