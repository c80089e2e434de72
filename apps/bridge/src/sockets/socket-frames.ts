/** What a page may say: one JSON object in each frame. */
import { filtersOf, queryChoice, queryInteger } from '../http/request-target.ts';
import { BridgeProblem } from '../problems/problem.ts';
import type { Overflow } from '../events/live-reader.ts';

/** For the answer, to tell what it answers. */
export type FrameId = string | number;

export interface SubscribeFrame {
  readonly type: 'sub';
  readonly id: FrameId;
  readonly filters: readonly string[];
  readonly qos: 0 | 1;
  readonly wantsSnapshot: boolean;
  readonly overflow: Overflow;
  readonly maximumRate: number | undefined;
  /** What this socket publishes does not come back. */
  readonly isNoLocal: boolean;
  readonly cursor: string | undefined;
}

export type PageFrame =
  | SubscribeFrame
  | { readonly type: 'unsub'; readonly id: FrameId; readonly sub: FrameId }
  | { readonly type: 'pub'; readonly id: FrameId; readonly message: unknown };

type Members = Readonly<Record<string, unknown>>;

export function parseFrame(text: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('a frame is a JSON object');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('a frame is a JSON object');
  return value as Members;
}

/** So that a frame that is wrong otherwise can still be answered. */
export function idOf({ id }: Members): FrameId | undefined {
  if (typeof id === 'number' && Number.isFinite(id)) return id;
  return typeof id === 'string' && id.length <= MAXIMUM_ID_LENGTH ? id : undefined;
}

const MAXIMUM_ID_LENGTH = 100;

export function readFrame(given: Members, maximumFilters: number): PageFrame {
  const { type } = given;
  const id = idOf(given);
  if (id === undefined) throw invalid(`the id is a number or a text of up to ${MAXIMUM_ID_LENGTH} characters`);
  if (type === 'sub') return readSubscribe(given, id, maximumFilters);
  if (type === 'pub') return { type, id, message: given['message'] };
  if (type !== 'unsub') throw invalid('the type is sub, unsub or pub');
  const sub = idOf({ id: given['sub'] });
  if (sub === undefined) throw invalid('sub is the id of the frame that has subscribed');
  return { type, id, sub };
}

/** The parameters are those of `/events`, and are read as if they stood in a query. */
function readSubscribe(given: Members, id: FrameId, maximumFilters: number): SubscribeFrame {
  const { filters, since, noLocal = false } = given;
  if (!Array.isArray(filters) || !filters.every((one) => typeof one === 'string')) {
    throw invalid('filters is a list of topic filters');
  }
  if (typeof noLocal !== 'boolean') throw invalid('noLocal is true or false');
  if (since !== undefined && typeof since !== 'string') throw invalid('since is a cursor');
  const query = Object.fromEntries(
    ['qos', 'snapshot', 'overflow', 'maxRate'].map((name) => [name, asText(given[name])]),
  );
  return {
    type: 'sub',
    id,
    filters: filtersOf({ filter: filters }, maximumFilters),
    qos: queryChoice(query, 'qos', ['1', '0']) === '0' ? 0 : 1,
    wantsSnapshot: queryChoice(query, 'snapshot', ['retained', 'none']) === 'retained',
    overflow: queryChoice(query, 'overflow', ['gap', 'conflate', 'disconnect']),
    maximumRate: queryInteger(query, 'maxRate', { least: 1, most: 100_000 }),
    isNoLocal: noLocal,
    cursor: since === 'now' ? undefined : since,
  };
}

/** What is neither is no parameter that anybody knows. */
function asText(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
}

function invalid(detail: string): BridgeProblem {
  return new BridgeProblem('body-invalid', detail);
}
