/**
 * The HTTP side. Every request needs the `Host` that the server was started with; all but the page's own files and
 * `session` also need the token, as the cookie that `session` and `socket` set or as `Authorization: Bearer TOKEN`.
 *
 * The page is opened as `http://127.0.0.1:PORT/#token=TOKEN`: a fragment does not leave the browser. It opens its socket
 * with the token, once, and takes it out of the address. When the socket is refused it posts the token to hear why.
 */
import type { RouteView } from './messages.ts';
import type { Row } from './row.ts';

export const apiRoutes = {
  /** POST `{ token }`, JSON: 204 and the cookie, 401 for a wrong token, 429 after too many of them. */
  session: '/api/session',
  /** WebSocket with the messages of `messages.ts`; `Origin` has to be the server's own. Who has no cookie yet offers the
   * protocols `socketProtocol` and `tokenProtocol` followed by the token, and is given one. Query: `rows`, for so many of the
   * last rows without asking for them. */
  socket: '/api/socket',
  /** GET: `RecordList`. Query: `filter`, `after` (a number of a record), `limit` (at most 1000). */
  records: '/api/records',
  /** GET: a file. Query: `format` (`ndjson`, `omq`, `pcapng`), `filter`, `secrets=show` for what is masked otherwise.
   * POST `{ query, marks }`, JSON, with such a query and `[number, comment]` of marked records: the same with the marks. */
  export: '/api/export',
  /** GET: `ApiStatus`. */
  status: '/api/status',
  /** GET: a list of `ConnectionView`, as `@omqtt/inspect` has it. */
  connections: '/api/connections',
} as const;

export const socketProtocol = 'omqtt-inspector';
export const tokenProtocol = 'token.';

export type ExportFormat = 'ndjson' | 'omq' | 'pcapng';

/** The body of all answers that are errors. */
export interface ApiProblem {
  readonly error: string;
}

/** The answer of `records`. Ask again with `after: last` for those that came since. */
export interface RecordList {
  readonly rows: readonly Row[];
  /** Number of the last record that was looked at. */
  readonly last: number;
  readonly dropped: number;
}

/** The answer of `status`. */
export interface ApiStatus {
  readonly version: string;
  readonly routes: readonly RouteView[];
  readonly stored: number;
  readonly dropped: number;
  readonly skippedBytes: number;
  readonly last: number;
  /** Pages that are open. */
  readonly pages: number;
}
