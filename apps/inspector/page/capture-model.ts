/** What the page knows of the capture that it shows: filled by messages, read by the parts of the page. */
import type { ConnectionView, FilterProblem } from '@omqtt/inspect';
import type { ConnectionRow, RouteView, ServerMessage, StateView } from '../src/api/messages.ts';
import type { RecordDetail } from '../src/api/row.ts';
import type { SecondCount, StatisticsView, TopicRow } from '../src/api/tally-view.ts';
import { RowCache } from './list/row-cache.ts';

export type Aspect =
  | 'feed'
  | 'state'
  | 'rows'
  | 'cursor'
  | 'peeks'
  | 'marks'
  | 'detail'
  | 'filter'
  | 'connections'
  | 'topics'
  | 'statistics'
  | 'timeline'
  | 'zoom'
  | 'session'
  | 'settings'
  | 'tab'
  | 'view';

const emptyState: StateView = {
  view: 0,
  first: 0,
  end: 0,
  scanned: 0,
  stored: 0,
  dropped: 0,
  skippedBytes: 0,
  last: 0,
  isPaused: false,
  isRevealed: false,
};

/** Seconds of the timeline that are kept. */
const MOST_SECONDS = 3600;

export class CaptureModel {
  state: StateView = emptyState;
  isReady = false;
  routes: readonly RouteView[] = [];
  file: string | undefined;
  version = '';
  /** When the server greeted, by its own clock. */
  greetedAt = 0;
  /** How far the server's clock is ahead of this one. */
  clockAheadMs = 0;
  /** Why nothing comes, if nothing comes. */
  trouble: string | undefined;
  readonly rows: RowCache = new RowCache();
  filterText = '';
  filterProblems: readonly FilterProblem[] = [];
  detail: RecordDetail | undefined;
  /** Number of a record that was asked for and has been dropped. */
  missing: number | undefined;
  /** Those that are open, then the ones that ended last. */
  connections: readonly ConnectionRow[] = [];
  /** How many are not in it. */
  connectionsLeft = 0;
  /** How many ended so far, in it or not. */
  connectionsEnded = 0;
  /** Before that, that there is none says nothing. */
  isToldOfConnections = false;
  topics: readonly TopicRow[] = [];
  topicsLeft = 0;
  statistics: StatisticsView | undefined;
  readonly seconds = new Map<number, SecondCount>();
  session: { readonly connection: string; readonly view: ConnectionView | undefined } | undefined;

  /** By the clock of the capture: that of a file stands still at its end. */
  get now(): number {
    return this.file === undefined ? Date.now() + this.clockAheadMs : (Math.max(...this.seconds.keys()) + 1) * 1000;
  }

  /** Another feed: nothing of the one before is true any more. */
  reset(): void {
    Object.assign(this, new CaptureModel());
  }

  /** What changed by the message. */
  take(message: ServerMessage): readonly Aspect[] {
    switch (message.type) {
      case 'hello':
        return this.#hello(message);
      case 'state':
        this.state = message;
        if (this.rows.turnTo(message.view)) return ['state', 'rows'];
        return ['state'];
      case 'filtered':
        this.filterText = message.text;
        this.filterProblems = message.problems;
        return this.rows.turnTo(message.view) ? ['filter', 'rows'] : ['filter'];
      case 'rows':
        this.rows.put(message);
        return ['rows'];
      case 'detail':
        this.detail = message.detail;
        this.missing = message.detail ? undefined : message.number;
        return ['detail'];
      case 'session':
        this.session = { connection: message.connection, view: message.session };
        return ['session'];
      case 'connections':
        this.connections = message.connections;
        this.connectionsLeft = message.left;
        this.connectionsEnded = message.ended;
        this.isToldOfConnections = true;
        return ['connections'];
      case 'topics':
        this.topics = message.topics;
        this.topicsLeft = message.left;
        return ['topics'];
      case 'statistics':
        this.statistics = message.statistics;
        return ['statistics'];
      case 'timeline':
        this.#addSeconds(message.seconds);
        return ['timeline'];
      case 'located':
      case 'completed':
        return [];
      case 'problem':
        this.trouble = message.message;
        return ['feed'];
    }
  }

  #hello({ routes, file, version, now }: Extract<ServerMessage, { readonly type: 'hello' }>): readonly Aspect[] {
    // A server that was started anew counts its lists from the beginning.
    this.rows.clear();
    this.isReady = true;
    this.routes = routes;
    this.file = file;
    this.version = version;
    this.greetedAt = now;
    this.clockAheadMs = now - Date.now();
    this.trouble = undefined;
    return ['feed', 'state'];
  }

  #addSeconds(seconds: readonly SecondCount[]): void {
    for (const second of seconds) this.seconds.set(second.second, second);
    for (const oldest of this.seconds.keys()) {
      if (this.seconds.size <= MOST_SECONDS) return;
      this.seconds.delete(oldest);
    }
  }
}
