import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TcpStream } from '../../src/files/tcp-stream.ts';

const text = Uint8Array.from({ length: 200 }, (_, index) => index);

interface Piece {
  readonly from: number;
  readonly to: number;
}

function read(start: number, pieces: readonly Piece[]): { readonly bytes: number[]; readonly lost: number } {
  const stream = new TcpStream();
  stream.begin((start - 1) >>> 0);
  const bytes: number[] = [];
  for (const { from, to } of pieces) {
    for (const chunk of stream.push((start + from) >>> 0, text.subarray(from, to))) bytes.push(...chunk);
  }
  for (const chunk of stream.finish()) bytes.push(...chunk);
  return { bytes, lost: stream.lostBytes };
}

/** Pieces of the text in any order, some twice, some overlapping; all of it is there. */
const shuffled = fc
  .array(fc.integer({ min: 1, max: 199 }), { maxLength: 20 })
  .map((cuts) => [0, ...new Set(cuts), 200].toSorted((one, other) => one - other))
  .chain((cuts) => {
    const pieces = cuts.slice(1).map((to, index) => ({ from: Math.max(0, (cuts[index] ?? 0) - (index % 3)), to }));
    return fc.shuffledSubarray([...pieces, ...pieces], { minLength: pieces.length * 2 });
  });

test('segments in any order, repeated and overlapping, give the stream', () => {
  fc.assert(
    fc.property(shuffled, fc.integer({ min: 0, max: 0xffff_ffff }), (pieces, start) => {
      expect(read(start, pieces)).toEqual({ bytes: [...text], lost: 0 });
    }),
  );
});

test('a gap in the capture is counted, and what follows it is read', () => {
  expect(
    read(7, [
      { from: 0, to: 10 },
      { from: 20, to: 30 },
    ]),
  ).toEqual({ bytes: [...text.subarray(0, 10), ...text.subarray(20, 30)], lost: 10 });
});
