/** One event of a stream (server-sent events). Names and ids are the bridge's own, so nothing can be smuggled in there. */
import { isUtf8 } from 'node:buffer';

export const HEARTBEAT: Buffer = Buffer.from(': hb\n\n');

/** JSON has no line breaks of its own. */
export function jsonFrame(event: string, data: unknown, id?: string): Buffer {
  const head = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** The payload alone: each of its lines is a `data` line, whatever its line breaks are. What is not text is base64. */
export function rawFrame(payload: Uint8Array, id?: string): Buffer {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const text = isUtf8(bytes) ? bytes.toString() : bytes.toString('base64');
  const head = id === undefined ? '' : `id: ${id}\n`;
  const lines = text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return Buffer.from(`${head}event: message\n${lines.join('')}\n`);
}

export function retryFrame(delayMs: number): Buffer {
  return Buffer.from(`retry: ${Math.round(delayMs)}\n\n`);
}
