/** The payloads of messages that leave together, one behind the other in the same memory. */
import { NUMBER_AT, TIME_AT, writeSource } from './payload-header.ts';

/** So much is taken from the system at once: memory for each few payloads would cost more than sending them. */
const SLAB_BYTES = 65_536;

/** Memory in pieces. */
export class Slab {
  #view: DataView = new DataView(new ArrayBuffer(0));
  #end = 0;

  /** Where the next piece begins, in a view of all that the slab has now. */
  take(bytes: number): { readonly view: DataView; readonly start: number } {
    if (this.#end + bytes > this.#view.byteLength) {
      this.#view = new DataView(new ArrayBuffer(Math.max(SLAB_BYTES, bytes)));
      this.#end = 0;
    }
    const start = this.#end;
    this.#end += bytes;
    return { view: this.#view, start };
  }
}

export interface PayloadShape {
  readonly publisher: number;
  readonly bytes: number;
}

export class Payloads {
  readonly #shape: PayloadShape;
  readonly #slab: Slab;
  readonly #all: Uint8Array[] = [];
  #view: DataView = new DataView(new ArrayBuffer(0));
  #start = 0;

  constructor(shape: PayloadShape, slab: Slab) {
    this.#shape = shape;
    this.#slab = slab;
  }

  /** So many at least, in the memory of those before where that is enough. */
  provide(count: number): void {
    if (count > this.#all.length) this.renew(count);
  }

  /** In memory of their own. */
  renew(count: number): void {
    const { publisher, bytes } = this.#shape;
    const { view, start } = this.#slab.take(count * bytes);
    this.#view = view;
    this.#start = start;
    for (let index = 0; index < count; index += 1) {
      const at = start + index * bytes;
      writeSource(view, at, publisher);
      this.#all[index] = new Uint8Array(view.buffer, at, bytes);
    }
  }

  /** One that was provided, with what is its own. */
  write(index: number, number: number, at: number): Uint8Array {
    const start = this.#start + index * this.#shape.bytes;
    this.#view.setFloat64(start + NUMBER_AT, number);
    this.#view.setFloat64(start + TIME_AT, at);
    return this.#all[index] as Uint8Array;
  }
}
