/** Counts over everything that was seen, whatever the filter says and the store dropped. */
import type { RecordType, Severity } from '@omqtt/inspect';

export interface TopicRow {
  readonly topic: string;
  readonly messages: number;
  readonly payloadBytes: number;
  /** Messages in the last ten seconds, divided by ten. */
  readonly perSecond: number;
  readonly isRetained: boolean;
  /** Of the last message. */
  readonly lastAt: number;
  readonly lastNumber: number;
}

/** All topics that begin with one level: `plant/`, or a topic of one level alone. */
export interface TopicRoot {
  readonly root: string;
  readonly messages: number;
  /** As of a topic. */
  readonly perSecond: number;
}

export interface ClientCount {
  readonly clientId: string;
  readonly c2s: number;
  readonly s2c: number;
  readonly bytes: number;
  /** PUBLISH in both directions. */
  readonly messages: number;
  /** At packets of its connections, whichever side is wrong. */
  readonly findings: number;
}

export interface TypeCount {
  readonly type: RecordType;
  readonly c2s: number;
  readonly s2c: number;
  readonly bytes: number;
}

export interface StatisticsView {
  readonly types: readonly TypeCount[];
  /** Of the exchanges that ended well, in milliseconds; missing before the first. */
  readonly roundTrips?: { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number };
  /** How often each statement was broken, most often first. */
  readonly findings: readonly {
    readonly id: string;
    /** The worst of its findings. */
    readonly severity: Severity;
    readonly count: number;
    readonly message: string;
  }[];
  /** The clients with most packets. */
  readonly clients: readonly ClientCount[];
  /** The first levels of topics with most messages. */
  readonly roots: readonly TopicRoot[];
}

/** One second of the timeline. */
export interface SecondCount {
  /** Since 1970. */
  readonly second: number;
  readonly c2s: number;
  readonly s2c: number;
  readonly findings: number;
  readonly opened: number;
  readonly closed: number;
}
