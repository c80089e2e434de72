/** What a page is served from. */
import type { Inspection } from '@omqtt/inspect';
import type { Tally } from './tally.ts';

export interface PageSource {
  readonly inspection: Inspection;
  readonly tally: Tally;
  readonly skippedBytes: () => number;
  /** Asked by a page to forget all records. */
  readonly clear: () => void;
}
