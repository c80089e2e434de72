/** The parameters of a message in headers and query: `Mqtt-Qos: 1` or `?qos=1`, and never two different ones. */
import type { IncomingHttpHeaders } from 'node:http';
import type { QoS, UserProperty } from 'omqtt';
import { queryValue } from '../http/request-target.ts';
import { BridgeProblem } from '../problems/problem.ts';
import {
  MAXIMUM_USER_PROPERTIES,
  type MessageProperties,
  presentProperties,
  type UserProperties,
} from './publish-command.ts';

export interface RequestParts {
  readonly headers: IncomingHttpHeaders;
  /** Name and value in turn, as they came: Node joins what is repeated in `headers`. */
  readonly rawHeaders: readonly string[];
  readonly query: unknown;
}

export interface Preferences {
  readonly waitMs: number | undefined;
  readonly isMinimal: boolean;
  readonly isAsync: boolean;
  /** As it stands in `Prefer`, which wants to hear that it was applied. */
  readonly preferredWait: string | undefined;
}

export function qosOf(parts: RequestParts): QoS {
  const value = parameterOf(parts, 'mqtt-qos', 'qos');
  if (value === undefined || value === '1') return 1;
  if (value === '0') return 0;
  if (value === '2') return 2;
  throw invalid('qos', 'is 0, 1 or 2');
}

export function retainOf(parts: RequestParts): boolean {
  const value = parameterOf(parts, 'mqtt-retain', 'retain');
  if (value === undefined || value === 'false' || value === '0') return false;
  if (value === 'true' || value === '1') return true;
  throw invalid('retain', 'is true, false, 1 or 0');
}

/** `isV5`: 3.1.1 has no content type, and almost every request has one; what else it cannot carry is refused later. */
export function propertiesOf(parts: RequestParts, isV5: boolean): MessageProperties | undefined {
  const { headers } = parts;
  const contentType = headers['content-type'];
  return presentProperties({
    contentType: isV5 && contentType !== 'application/octet-stream' ? contentType : undefined,
    payloadFormatIndicator: formatIndicatorOf(parts),
    messageExpirySeconds: expiryOf(parts),
    responseTopic: responseTopicOf(parts),
    correlationData: correlationDataOf(headers['mqtt-correlation-data']),
    userProperties: withTraceContext(userPropertiesOf(parts), headers, isV5),
  });
}

/** `Prefer: wait=5, return=minimal, respond-async` (RFC 7240); `?wait=5` is the same wait. */
export function preferencesOf({ headers, query }: RequestParts): Preferences {
  const prefer = headers['prefer'];
  const asked = queryValue(query, 'wait');
  if (prefer === undefined && asked === undefined) return NO_PREFERENCES;
  const items = typeof prefer === 'string' ? prefer.split(',').map((item) => item.trim().toLowerCase()) : [];
  const wait = asked ?? items.find((item) => item.startsWith('wait='))?.slice('wait='.length);
  return {
    waitMs: wait === undefined ? undefined : secondsOf(wait) * 1000,
    isMinimal: items.includes('return=minimal'),
    isAsync: items.includes('respond-async'),
    preferredWait: asked === undefined ? wait : undefined,
  };
}

const NO_PREFERENCES: Preferences = { waitMs: undefined, isMinimal: false, isAsync: false, preferredWait: undefined };

/** Of the wait, unless that is longer than the bridge waits for anyone. */
export function appliedWait({ preferredWait }: Preferences, maximumMs: number): readonly string[] {
  return preferredWait === undefined || Number(preferredWait) * 1000 > maximumMs ? [] : [`wait=${preferredWait}`];
}

function secondsOf(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw invalid('wait', 'is a number of seconds');
  return Number(text);
}

function formatIndicatorOf(parts: RequestParts): 0 | 1 | undefined {
  const value = parameterOf(parts, 'mqtt-payload-format-indicator', 'pfi');
  if (value === undefined) return undefined;
  if (value === '0') return 0;
  if (value === '1') return 1;
  throw invalid('payload format indicator', 'is 0 or 1');
}

const LARGEST_UINT32 = 4_294_967_295;

function expiryOf(parts: RequestParts): number | undefined {
  const value = parameterOf(parts, 'mqtt-message-expiry', 'expiry');
  if (value === undefined) return undefined;
  if (!/^\d{1,10}$/.test(value) || Number(value) > LARGEST_UINT32) {
    throw invalid('message expiry', 'is a number of seconds');
  }
  return Number(value);
}

/** The header is percent-encoded, because topics have characters that headers do not. */
function responseTopicOf({ headers, query }: RequestParts): string | undefined {
  const header = singleHeader(headers, 'mqtt-response-topic');
  const fromHeader = header === undefined ? undefined : percentDecoded(header, 'response topic');
  return same(fromHeader, queryValue(query, 'responseTopic'), 'response topic');
}

function correlationDataOf(header: string | string[] | undefined): Uint8Array | undefined {
  if (header === undefined) return undefined;
  return base64Bytes(String(header), 'correlation data');
}

/** `Mqtt-User-Property: name=value`, repeated, both percent-encoded; or all as a JSON array of pairs in base64. */
function userPropertiesOf({ headers, rawHeaders }: RequestParts): UserProperties | undefined {
  const all = headers['mqtt-user-properties'];
  if (all === undefined && headers['mqtt-user-property'] === undefined) return undefined;
  const pairs = all === undefined ? [] : userPropertyPairs(String(all));
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== 'mqtt-user-property') continue;
    pairs.push(userProperty(rawHeaders[index + 1] ?? ''));
  }
  if (pairs.length > MAXIMUM_USER_PROPERTIES) {
    throw invalid('user properties', `are at most ${MAXIMUM_USER_PROPERTIES}`);
  }
  return pairs;
}

const TRACE_PARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/;

/** Which trace the request is part of. */
export function traceIdOf({ traceparent }: IncomingHttpHeaders): string | undefined {
  return typeof traceparent === 'string' && TRACE_PARENT.test(traceparent) ? traceparent.split('-')[1] : undefined;
}

/** So that whoever receives the message can continue the trace (W3C Trace Context), unless the caller gave one itself. */
function withTraceContext(
  pairs: UserProperties | undefined,
  { traceparent, tracestate }: IncomingHttpHeaders,
  isV5: boolean,
): UserProperties | undefined {
  if (typeof traceparent !== 'string' || !isV5 || !TRACE_PARENT.test(traceparent)) return pairs;
  if (pairs?.some(([name]) => name === 'traceparent') === true) return pairs;
  const state: UserProperties =
    typeof tracestate === 'string' && tracestate.length <= 512 ? [['tracestate', tracestate]] : [];
  return [...(pairs ?? []), ['traceparent', traceparent], ...state];
}

function userProperty(text: string): UserProperty {
  const border = text.indexOf('=');
  if (border < 0) throw invalid('user property', 'has the form name=value');
  return [
    percentDecoded(text.slice(0, border), 'user property'),
    percentDecoded(text.slice(border + 1), 'user property'),
  ];
}

function userPropertyPairs(text: string): UserProperty[] {
  const value = jsonOf(Buffer.from(text, 'base64').toString());
  if (!Array.isArray(value) || !value.every(isPair)) {
    throw invalid('user properties', 'are a JSON array of pairs of texts, in base64');
  }
  return value;
}

function isPair(value: unknown): value is UserProperty {
  return Array.isArray(value) && value.length === 2 && value.every((item) => typeof item === 'string');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One value, wherever it stands. */
function parameterOf({ headers, query }: RequestParts, header: string, name: string): string | undefined {
  return same(singleHeader(headers, header), queryValue(query, name), name);
}

function same(header: string | undefined, query: string | undefined, name: string): string | undefined {
  if (header === undefined || query === undefined || header === query) return header ?? query;
  throw new BridgeProblem('parameter-conflict', `header and query have different values for ${name}: send one of them`);
}

function singleHeader(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function percentDecoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(what, 'is percent-encoded UTF-8');
  }
}

function base64Bytes(text: string, what: string): Uint8Array {
  if (!/^[\w+/-]*={0,2}$/.test(text)) throw invalid(what, 'is base64');
  return Buffer.from(text, 'base64');
}

function invalid(name: string, rule: string): BridgeProblem {
  return new BridgeProblem('parameter-invalid', `the ${name} ${rule}`);
}
