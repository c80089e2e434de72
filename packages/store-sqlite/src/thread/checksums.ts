/** SQLite finds damage in its own structures; these find it in what the rows say. */
import { crc32 } from 'node:zlib';

export function checksumOf(...values: readonly (number | string)[]): number {
  return crc32(JSON.stringify(values));
}

export function recordChecksum(record: Uint8Array): number {
  return crc32(record);
}
