/** How much an inspection keeps. Past a limit the oldest goes, or a check is left out; traffic never makes it grow. */

export interface InspectionLimits {
  /** Of one packet; the rest is counted, not kept. Default: 1 MiB. */
  readonly maximumKeptPacketBytes: number;
  /** Of all records together; the oldest are dropped whole. Default: 256 MiB. */
  readonly maximumStoredBytes: number;
  /** Default: 1 000 000. */
  readonly maximumRecords: number;
  /** Open ones, and those that have ended and whose facts can still be asked for. Default: 10 000. */
  readonly maximumConnections: number;
  /** Sessions that are remembered after their connection. Default: 10 000. */
  readonly maximumSessions: number;
  /** Unfinished exchanges of all connections; those beyond are not followed. Default: 200 000. */
  readonly maximumOpenExchanges: number;
  /** Subscriptions of one session. Default: 20 000. */
  readonly maximumSubscriptions: number;
  /** Characters of the filters that one session ever subscribed to. Default: 4 000 000. */
  readonly maximumFilterCharacters: number;
  /** Characters of the topics behind the aliases of one connection and direction. Default: 4 000 000. */
  readonly maximumAliasCharacters: number;
  /** An answer that takes longer is late. Default: 20 000. */
  readonly lateAnswerMs: number;
  /** How long what has to end may stay open. Default: 5000. */
  readonly closingMs: number;
}

export const defaultLimits: InspectionLimits = {
  maximumKeptPacketBytes: 1_048_576,
  maximumStoredBytes: 268_435_456,
  maximumRecords: 1_000_000,
  maximumConnections: 10_000,
  maximumSessions: 10_000,
  maximumOpenExchanges: 200_000,
  maximumSubscriptions: 20_000,
  maximumFilterCharacters: 4_000_000,
  maximumAliasCharacters: 4_000_000,
  lateAnswerMs: 20_000,
  closingMs: 5000,
};
