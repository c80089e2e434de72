/** Unpacks gzip, as far as a reader could read: a small payload can unpack to more than the memory of the page. */

const MOST_BYTES = 1_000_000;

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

export interface Unpacked {
  readonly bytes: Uint8Array;
  /** There is more. */
  readonly isCut: boolean;
}

/** `undefined` when it is not sound. */
export async function unpackGzip(bytes: Uint8Array): Promise<Unpacked | undefined> {
  const reader = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done && size < MOST_BYTES; part = await reader.read()) {
      chunks.push(part.value);
      size += part.value.length;
    }
    await reader.cancel();
  } catch {
    return undefined;
  }
  const whole = new Uint8Array(Math.min(size, MOST_BYTES));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk.subarray(0, whole.length - at), at);
    at += chunk.length;
    if (at >= whole.length) break;
  }
  return { bytes: whole, isCut: size >= MOST_BYTES };
}
