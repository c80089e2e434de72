/**
 * The short strings that were written last, with their bytes.
 *
 * Topics and property values repeat, and a program mostly gives the same string again, whose hash the engine keeps. Finding
 * its bytes and copying them four at a time costs a third of writing it character by character. What is remembered is
 * bounded, and where hardly anything repeats, the search rests for a while.
 */
import type { PacketWriter } from './packet-writer.ts';

/** The longest string that is remembered, with its two-byte length, in words of four bytes. */
const ROW_WORDS = 24;
/** So many strings are remembered before all are forgotten. */
const ROWS = 256;
/** So many texts go by unsearched where fewer were found than forgotten. */
const REST = 64 * ROWS;

export class WrittenTexts {
  /** The row that holds the bytes of a text. */
  readonly #rows = new Map<string, number>();
  /** Made on first use: most programs that import the codec are not yet connected. */
  #words: Int32Array | undefined;
  #found = 0;
  #rest = 0;

  /** Writes the text behind its length, if it was remembered, and says whether it did. */
  write(writer: PacketWriter, text: string): boolean {
    if (this.#rest > 0) {
      this.#rest -= 1;
      return false;
    }
    const row = this.#rows.get(text);
    const words = this.#words;
    if (row === undefined || words === undefined) return false;
    this.#found += 1;
    const size = 2 + text.length;
    // Whole words, of which the last may reach behind the text.
    let at = writer.reserve(size + 3);
    const target = wordsOf(writer);
    const end = at + size;
    for (let from = row * ROW_WORDS; at < end; at += 4) target.setInt32(at, words[from++] as number, true);
    writer.at = end;
    return true;
  }

  /** Remembers what has just been written from `start` on, unless it is long, empty or not ASCII. */
  remember(writer: PacketWriter, text: string, start: number): void {
    const size = writer.at - start;
    if (this.#rest > 0 || text.length === 0 || size !== 2 + text.length || size > ROW_WORDS * 4) return;
    if (this.#rows.size === ROWS) this.#forget();
    const words = (this.#words ??= new Int32Array(ROWS * ROW_WORDS));
    const source = wordsOf(writer);
    let to = this.#rows.size * ROW_WORDS;
    this.#rows.set(text, this.#rows.size);
    // Room was made for three bytes a character, so the last word may reach behind the text here too.
    for (let at = start; at < writer.at; at += 4) words[to++] = source.getInt32(at, true);
  }

  #forget(): void {
    this.#rows.clear();
    if (this.#found < ROWS) this.#rest = REST;
    this.#found = 0;
  }
}

function wordsOf(writer: PacketWriter): DataView {
  const { bytes } = writer;
  return (writer.words ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
}
