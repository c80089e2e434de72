/** The lines of a stream of bytes, none longer than the limit. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { BridgeProblem } from '../problems/problem.ts';

export async function* linesOf(bytes: Readable, limitBytes: number): AsyncGenerator<string, void> {
  const decoder = new StringDecoder('utf8');
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    const lines = decoder.write(chunk as Buffer).split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      yield pieces.join('') + line;
      pieces = [];
      length = 0;
    }
    pieces.push(rest);
    length += rest.length;
    if (length > limitBytes) throw new BridgeProblem('payload-too-large', `a line has more than ${limitBytes} bytes`);
  }
  yield pieces.join('') + decoder.end();
}
