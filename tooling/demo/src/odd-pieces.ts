/** Cuts bytes as no sender would, to show that it does not matter how a network cuts them. */
export function cutInOddPieces(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    const length = pieceLengths[pieces.length % pieceLengths.length] ?? 1;
    pieces.push(bytes.subarray(start, start + length));
    start += length;
  }
  return pieces;
}

const pieceLengths = [1, 7, 2, 11, 3];
