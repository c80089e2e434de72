/** Where something may be missing, as a reader gets to see it. */
import type { EventFormat } from './event-ring.ts';
import { jsonFrame } from './sse-frame.ts';

export interface GapNote {
  readonly reason: 'overflow' | 'conflated' | 'epoch-changed' | 'expired' | 'broker-reconnect';
  /** The place after which. */
  readonly from?: string | undefined;
  /** Null: nobody knows. */
  readonly missed: number | null;
}

export function gapFrame(format: EventFormat, note: GapNote, cursor: string): Buffer {
  if (format === 'socket') return Buffer.from(JSON.stringify({ type: 'gap', cursor, ...note }));
  return jsonFrame('gap', note, cursor);
}
