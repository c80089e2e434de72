/** What the two threads say to each other besides the ring. */
import type { RouteView } from '../api/messages.ts';
import type { InspectorErrorCode } from '../inspector-errors.ts';
import type { Ring } from './ring.ts';

export type PrintStyle = 'line' | 'tree' | 'json';

/** Where the page and the API are served. */
export interface UiOptions {
  readonly host: string;
  readonly port: number;
  /** Hosts, besides the address, that requests may name. */
  readonly hostNames?: readonly string[];
  /** Where the files of the page are. */
  readonly pageFolder: string;
}

export interface ThreadOptions {
  readonly ring: Ring;
  readonly version: string;
  readonly print: PrintStyle | undefined;
  /** What is printed and saved; the page has its own. */
  readonly filter: string;
  readonly saveFile: string | undefined;
  readonly assertions: readonly string[];
  readonly maximumStoredBytes: number;
  /** Its first number becomes 1 when the thread is told to end: a message would not be seen while it prints. */
  readonly ending: SharedArrayBuffer;
  readonly isRevealed: boolean;
  readonly ui: UiOptions | undefined;
  /** A fault to plant, for tests of what it must not touch. */
  readonly plantedFault?: 'throw' | 'exit' | 'hang';
}

export type ToThread =
  /** There is something in the ring. */
  | { readonly type: 'wake' }
  | { readonly type: 'routes'; readonly routes: readonly RouteView[] }
  /** Read the ring to its end, judge, and end. */
  | { readonly type: 'close' };

export type FromThread =
  | {
      readonly type: 'ready';
      readonly url: string | undefined;
      readonly apiUrl: string | undefined;
      readonly token: string | undefined;
    }
  | { readonly type: 'failed'; readonly code: InspectorErrorCode; readonly message: string }
  /** Something to tell, as a sentence. */
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'closed'; readonly summary: InspectionSummary };

export interface InspectionSummary {
  readonly packets: number;
  readonly dropped: number;
  readonly skippedBytes: number;
  /** Why not everything was saved. */
  readonly saveProblem?: string | undefined;
  /** One for each assertion, in their order. */
  readonly verdicts: readonly Verdict[];
}

export interface Verdict {
  readonly assertion: string;
  readonly holds: boolean;
  /** What was seen, as a sentence. */
  readonly reason: string;
}
