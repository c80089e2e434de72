/**
 * What a page and its server say to each other: JSON objects, one in each WebSocket message. A page that shows a dropped
 * file says the same to a worker.
 *
 * The records that fulfil the filter form a list. `position` counts along that list from 0 and never changes its meaning:
 * when the oldest records go, `first` grows. After another filter or after `clear`, positions count anew and `view` is
 * one higher, so that an answer about the list before can be told apart. A record that comes to fulfil the filter later,
 * such as one of `rtt>1s`, is put where it belongs, and one that ceases to is taken out: then the rows of the window are
 * sent anew, so keep none of outside the window.
 */
import type { ConnectionView, FilterCompletion, FilterProblem } from '@omqtt/inspect';
import type { RecordDetail, Row } from './row.ts';
import type { SecondCount, StatisticsView, TopicRow } from './tally-view.ts';

export const PROTOCOL_VERSION = 1;

/** What pages may ask for at once. */
export const MOST_ROWS_IN_WINDOW = 500;

export const MOST_COLOURS = 8;

export type PageMessage =
  /** Begins another list. Answered by `filtered`; an empty text lets everything through. */
  | { readonly type: 'filter'; readonly text: string }
  /**
   * The rows to have, and from then on those among them that are new or changed. `follow: true`: the last `count` rows,
   * whatever their positions. At most `MOST_ROWS_IN_WINDOW`.
   */
  | { readonly type: 'window'; readonly from: number; readonly count: number; readonly follow?: boolean }
  /** Everything about one record, and again whenever it changes; `undefined` for none. Answered by `detail`. */
  | { readonly type: 'select'; readonly number?: number }
  /** Where a record stands in the list. Answered by `located`. */
  | { readonly type: 'locate'; readonly request: number; readonly number: number }
  /** The next record of the list after `from`, or with `step: -1` the one before it, that fulfils `filter`. Answered by `located`. */
  | {
      readonly type: 'find';
      readonly request: number;
      readonly from: number;
      readonly step: 1 | -1;
      readonly filter: string;
    }
  /** What is wrong with a filter, and what could stand at `cursor`, an index into it. Answered by `completed`. */
  | { readonly type: 'complete'; readonly request: number; readonly text: string; readonly cursor: number }
  /** Rows say which of these filters is the first that lets them through; at most `MOST_COLOURS`. */
  | { readonly type: 'colours'; readonly filters: readonly string[] }
  /** What else to be told of, at most once in 500 ms. */
  | { readonly type: 'watch'; readonly subjects: readonly Subject[] }
  /** Subscriptions, ids in flight, aliases of one connection: its view, until another is asked for. Answered by `session`. */
  | { readonly type: 'session'; readonly connection?: string }
  /** The list ends where it is while paused; what is asked for is answered. Nothing is lost but what the store drops. */
  | { readonly type: 'pause'; readonly isPaused: boolean }
  /** Secrets of this page unmasked or masked again; everything that is shown is sent anew. */
  | { readonly type: 'reveal'; readonly isRevealed: boolean }
  /** Forgets all records, for all pages. */
  | { readonly type: 'clear' };

export type Subject = 'connections' | 'topics' | 'statistics' | 'timeline';

export type ServerMessage =
  | {
      readonly type: 'hello';
      readonly protocol: typeof PROTOCOL_VERSION;
      readonly version: string;
      /** Where clients connect, and where they get to: `mqtt://127.0.0.1:1884` and `mqtts://broker.example:8883`. */
      readonly routes: readonly RouteView[];
      /** A capture that was read instead of a proxy. */
      readonly file?: string;
      /** Of this server's clock, milliseconds since 1970. */
      readonly now: number;
    }
  /** At most once in 50 ms, when any of it changed. */
  | ({ readonly type: 'state' } & StateView)
  | {
      readonly type: 'filtered';
      readonly view: number;
      readonly text: string;
      readonly problems: readonly FilterProblem[];
    }
  /** Rows from `from` on, without gaps. A row that was sent before is changed. */
  | { readonly type: 'rows'; readonly view: number; readonly from: number; readonly rows: readonly Row[] }
  /** `detail` is missing when the record has been dropped. */
  | { readonly type: 'detail'; readonly number: number; readonly detail?: RecordDetail }
  /** Missing position and number: there is none in the list. */
  | {
      readonly type: 'located';
      readonly request: number;
      readonly view: number;
      readonly number?: number;
      readonly position?: number;
    }
  | ({
      readonly type: 'completed';
      readonly request: number;
      readonly problems: readonly FilterProblem[];
    } & FilterCompletion)
  | { readonly type: 'session'; readonly connection: string; readonly session?: ConnectionView }
  | {
      readonly type: 'connections';
      /** Those that are open, then the ones that ended last. */
      readonly connections: readonly ConnectionRow[];
      /** How many are not in the list. */
      readonly left: number;
      /** How many ended so far, in the list or not. */
      readonly ended: number;
    }
  | { readonly type: 'topics'; readonly topics: readonly TopicRow[]; readonly left: number }
  | { readonly type: 'statistics'; readonly statistics: StatisticsView }
  /** The seconds that are new or changed. */
  | { readonly type: 'timeline'; readonly seconds: readonly SecondCount[] }
  /** A message that could not be understood. */
  | { readonly type: 'problem'; readonly message: string };

export interface RouteView {
  readonly listen: string;
  readonly upstream: string;
}

export interface StateView {
  readonly view: number;
  /** Positions of the list: from `first` up to, but without, `end`. */
  readonly first: number;
  readonly end: number;
  /** Records that the filter has looked at by now, and how many there are: less while a slow filter works. */
  readonly scanned: number;
  readonly stored: number;
  /** Records that the store dropped to stay within its bounds. */
  readonly dropped: number;
  /** Bytes that were forwarded without being decoded, because decoding could not keep up. */
  readonly skippedBytes: number;
  /** Number of the last record; 0 before the first. */
  readonly last: number;
  readonly isPaused: boolean;
  readonly isRevealed: boolean;
}

/** A connection for the rail. */
export interface ConnectionRow {
  readonly id: string;
  readonly clientId?: string;
  readonly version?: ConnectionView['version'];
  readonly openedAt: number;
  readonly closedAt?: number;
  /** One sentence on how it ended. */
  readonly ending?: string;
  readonly packets: number;
  readonly subscriptions: number;
  /** Findings at its packets, by severity. */
  readonly errors: number;
  readonly warnings: number;
}
