/** Standard input, as a whole or in pieces. Bounded: an endless line ends with an error, not with all memory. */
import type { Readable } from 'node:stream';
import { PayloadError } from '../cli-error.ts';

/** The largest packet of MQTT. */
const MOST_BYTES = 268_435_455;

export async function readAll(input: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) throw new PayloadError('standard input is larger than a packet can be (256 MiB)');
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** What stands between two delimiters. The last piece counts only if it is not empty. */
export async function* readPieces(input: Readable, delimiter: string): AsyncIterable<Uint8Array> {
  const mark = Buffer.from(delimiter);
  let rest: Buffer[] = [];
  let size = 0;
  for await (const data of input) {
    let chunk = data as Buffer;
    if (mark.length > 1 && rest.length > 0) {
      // A long delimiter may lie across two chunks.
      chunk = Buffer.concat([...rest, chunk]);
      rest = [];
      size = 0;
    }
    for (let at = chunk.indexOf(mark); at !== -1; at = chunk.indexOf(mark)) {
      yield Buffer.concat([...rest, chunk.subarray(0, at)]);
      rest = [];
      size = 0;
      chunk = chunk.subarray(at + mark.length);
    }
    if (chunk.length > 0) rest.push(chunk);
    size += chunk.length;
    if (size > MOST_BYTES) throw new PayloadError('a line of standard input is larger than a packet can be (256 MiB)');
  }
  if (size > 0) yield Buffer.concat(rest);
}
