/** Answers the requests of `api/routes.ts`. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { compileFilter, redact, type Inspection, type MarkComments, type PacketRecord } from '@omqtt/inspect';
import { rowOf } from '../api/row-of.ts';
import { apiRoutes, type ApiProblem, type ApiStatus, type RecordList } from '../api/routes.ts';
import { isExportFormat, sendExport } from './export-file.ts';
import type { Guard, Refusal } from './guard.ts';
import { securityHeaders } from './page-files.ts';

export interface ApiContext {
  readonly guard: Guard;
  readonly inspection: Inspection;
  readonly status: () => ApiStatus;
}

const MOST_BODY_BYTES = 4096;
/** A few hundred marks with comments. */
const MOST_EXPORT_BODY_BYTES = 1_048_576;
const MOST_ROWS = 1000;

export async function handleApi(
  request: IncomingMessage,
  response: ServerResponse,
  { guard, inspection, status }: ApiContext,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://inspector');
  const { pathname, searchParams } = url;
  if (pathname === apiRoutes.session) return openSession(request, response, guard);
  const refusal = guard.refuseStranger(request, Date.now());
  if (refusal) return sendRefusal(response, refusal);
  if (pathname === apiRoutes.export && request.method === 'POST') return postExport(request, response, inspection);
  if (request.method !== 'GET') return sendProblem(response, 405, 'This can only be read.');
  switch (pathname) {
    case apiRoutes.status:
      return sendJson(response, 200, status());
    case apiRoutes.connections:
      return sendJson(response, 200, inspection.connections());
    case apiRoutes.records:
      return sendRecords(response, inspection, searchParams);
    case apiRoutes.export:
      return sendFile(response, inspection, { query: searchParams });
    default:
      return sendProblem(response, 404, 'There is nothing here.');
  }
}

async function openSession(request: IncomingMessage, response: ServerResponse, guard: Guard): Promise<void> {
  if (request.method !== 'POST') return sendProblem(response, 405, 'Post the token.');
  // A form of another page could not send this type.
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return sendProblem(response, 415, 'Send JSON.');
  }
  const body = await readBody(request);
  const token = body === undefined ? undefined : tokenIn(body);
  if (token === undefined) return sendProblem(response, 400, 'Send { "token": "…" }.');
  const refusal = guard.refuseToken(token, Date.now());
  if (refusal) return sendRefusal(response, refusal);
  response.writeHead(204, { ...securityHeaders, 'set-cookie': guard.cookieHeader() }).end();
}

/** `undefined` when it is too long. */
async function readBody(request: IncomingMessage, most: number = MOST_BODY_BYTES): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    pieces.push(piece as Buffer);
    length += (piece as Buffer).length;
    if (length > most) return undefined;
  }
  return Buffer.concat(pieces).toString();
}

function tokenIn(body: string): string | undefined {
  try {
    const parsed = JSON.parse(body) as { readonly token?: unknown } | null;
    return typeof parsed?.token === 'string' ? parsed.token : undefined;
  } catch {
    return undefined;
  }
}

function sendRecords(response: ServerResponse, { records }: Inspection, query: URLSearchParams): void {
  const matches = matcherOf(response, query);
  if (!matches) return;
  const after = Number(query.get('after') ?? 0);
  const limit = Math.min(MOST_ROWS, Number(query.get('limit') ?? MOST_ROWS));
  if (!Number.isSafeInteger(after) || !(limit >= 1)) {
    sendProblem(response, 400, 'after and limit are numbers.');
    return;
  }
  const first = records.at(0)?.number ?? 1;
  const rows: RecordList['rows'][number][] = [];
  let last = Math.max(after, first - 1);
  for (let record = records.get(last + 1); record && rows.length < limit; record = records.get(last + 1)) {
    if (matches(record)) rows.push(rowOf(redact(record)));
    last = record.number;
  }
  sendJson(response, 200, { rows, last, dropped: records.dropped } satisfies RecordList);
}

/** The same with the marks of a page, which are too long for an address. */
async function postExport(request: IncomingMessage, response: ServerResponse, inspection: Inspection): Promise<void> {
  const body = await readBody(request, MOST_EXPORT_BODY_BYTES);
  const asked = body === undefined ? undefined : exportIn(body);
  if (!asked) return sendProblem(response, 400, 'Send { "query": "format=omq", "marks": [[1, "comment"]] }.');
  return sendFile(response, inspection, asked);
}

function exportIn(body: string): FileRequest | undefined {
  try {
    const { query, marks } = (JSON.parse(body) ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof query !== 'string' || !Array.isArray(marks) || !marks.every(isMark)) return undefined;
    return { query: new URLSearchParams(query), marks: new Map(marks) };
  } catch {
    return undefined;
  }
}

function isMark(value: unknown): value is readonly [number: number, comment: string] {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string';
}

interface FileRequest {
  readonly query: URLSearchParams;
  readonly marks?: MarkComments;
}

async function sendFile(
  response: ServerResponse,
  { records }: Inspection,
  { query, marks }: FileRequest,
): Promise<void> {
  const format = query.get('format') ?? 'ndjson';
  if (!isExportFormat(format)) return sendProblem(response, 400, 'format is ndjson, omq or pcapng.');
  const matches = matcherOf(response, query);
  if (!matches) return undefined;
  const areSecretsShown = query.get('secrets') === 'show';
  const chosen = chosenOf(records, matches);
  return sendExport(response, chosen, { format, areSecretsShown, ...(marks && { marks }) });
}

/** One after the other as they are sent: a slow reader holds no copy, and does not get what is dropped meanwhile. */
function* chosenOf(
  records: Iterable<PacketRecord>,
  matches: (record: PacketRecord) => boolean,
): Generator<PacketRecord> {
  for (const record of records) if (matches(record)) yield record;
}

/** `undefined` after an answer that says what is wrong. */
function matcherOf(response: ServerResponse, query: URLSearchParams): ((record: PacketRecord) => boolean) | undefined {
  const { matches, problems } = compileFilter(query.get('filter') ?? '');
  if (!matches) sendProblem(response, 400, `filter: ${problems[0]?.message ?? 'it is no filter'}`);
  return matches;
}

export function sendRefusal(response: ServerResponse, { status, error }: Refusal): void {
  sendProblem(response, status, error);
}

function sendProblem(response: ServerResponse, status: number, error: string): void {
  sendJson(response, status, { error } satisfies ApiProblem);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': 'application/json' }).end(JSON.stringify(value));
}
