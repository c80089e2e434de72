/** Packets found by their lengths alone: all that the other end, and the limit, need to know of them. */

/** Where a packet begins in the bytes, where its body begins, and where it ends. The same object for every packet. */
export interface Frame {
  bytes: Uint8Array;
  start: number;
  body: number;
  end: number;
}

export type OnFrame = (frame: Frame) => void;

export class Frames {
  readonly #onFrame: OnFrame;
  readonly #frame: Frame = { bytes: new Uint8Array(0), start: 0, body: 0, end: 0 };
  /** The packet that the chunk before broke off in. */
  #rest: Uint8Array | undefined;

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  push(chunk: Uint8Array): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    const frame = this.#frame;
    frame.bytes = bytes;
    let start = 0;
    while (start < bytes.length) {
      let [body, length, shift] = [start + 1, 0, 0];
      let byte = 0x80;
      while (byte >= 0x80 && body < bytes.length) {
        byte = bytes[body] ?? 0;
        length += (byte & 0x7f) << shift;
        shift += 7;
        body += 1;
      }
      if (byte >= 0x80 || body + length > bytes.length) break;
      frame.start = start;
      frame.body = body;
      frame.end = body + length;
      this.#onFrame(frame);
      start = body + length;
    }
    this.#rest = start < bytes.length ? bytes.subarray(start) : undefined;
  }
}
