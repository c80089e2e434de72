/** What an inspector is started with. */
import { createSecureContext } from 'node:tls';
import type { UpstreamTls } from './proxy/dial.ts';
import { parseEndpoint, type Endpoint } from './proxy/endpoint.ts';
import type { ListenerTls } from './proxy/listen.ts';
import { parseAssertion, testOfFilter } from './assert/parse-assertion.ts';
import { InspectorOptionError } from './inspector-errors.ts';
import type { PrintStyle, ThreadOptions } from './thread/thread-messages.ts';

export interface Route {
  /** Where clients connect: `mqtt://127.0.0.1:1884`, `mqtts:`, `ws:`, `wss:`; port 0 for a free one. */
  readonly listen: string;
  /** Where they get to: `mqtt:`, `mqtts:`, `ws:`, `wss:` or `unix:`. */
  readonly upstream: string;
}

export interface InspectorOptions {
  /** Default: none, for a tap alone. */
  readonly routes?: readonly Route[];
  /** Where page and API are served; false: nowhere. Only loopback addresses. Default: 127.0.0.1 and a free port. */
  readonly ui?: false | { readonly host?: string; readonly port?: number };
  /** Packets on standard output. Default: none. */
  readonly print?: PrintStyle;
  /** Which packets are printed and saved. Default: all. */
  readonly filter?: string;
  /** A new file that grows: `.ndjson`, or `.omq` otherwise. */
  readonly saveFile?: string;
  /** `never(EXPR)`, `count(EXPR) >= N`, `within(EXPR -> EXPR, 2s)` or `EXPR`. */
  readonly assertions?: readonly string[];
  /** Of records in memory; the oldest go. Default: 256 MiB. */
  readonly maximumStoredBytes?: number;
  /** What may wait to be decoded; beyond, bytes are forwarded without. Default: 32 MiB. */
  readonly maximumBacklogBytes?: number;
  /** Print and save secrets. Default: false, they are masked. */
  readonly isRevealed?: boolean;
  /** The certificate that is shown to clients, for `mqtts:` and `wss:` listeners. */
  readonly listenerTls?: ListenerTls;
  /** How the brokers behind are checked, for `mqtts:` and `wss:`. */
  readonly upstreamTls?: UpstreamTls;
  /** Sentences on what goes wrong. Default: standard error. */
  readonly report?: (text: string) => void;
}

export interface ResolvedOptions {
  readonly routes: readonly { readonly listen: Endpoint; readonly upstream: Endpoint }[];
  readonly ui: { readonly host: string; readonly port: number } | undefined;
  readonly thread: Omit<ThreadOptions, 'ring' | 'version' | 'ui' | 'ending'>;
  readonly maximumBacklogBytes: number;
  readonly listenerTls: ListenerTls | undefined;
  readonly upstreamTls: UpstreamTls;
  readonly report: (text: string) => void;
}

const MEBIBYTE = 1_048_576;

/** Throws an `InspectorOptionError` for what cannot be meant. */
export function resolveOptions(options: InspectorOptions): ResolvedOptions {
  const { filter = '', assertions = [], routes = [], listenerTls, upstreamTls = {} } = options;
  testOfFilter('filter', filter);
  for (const assertion of assertions) parseAssertion(assertion);
  const parsed = routes.map(({ listen, upstream }) => ({
    listen: parseEndpoint('listen', listen),
    upstream: parseEndpoint('upstream', upstream),
  }));
  const isSecure = parsed.some(({ listen: { type } }) => type === 'tls' || type === 'wss');
  if (isSecure && !listenerTls) {
    throw new InspectorOptionError('listen', 'TLS needs a certificate and its key (--tls-cert, --tls-key).');
  }
  if (listenerTls) checkPem('--tls-cert, --tls-key', { ...listenerTls, ca: listenerTls.clientCa });
  checkPem('--upstream-ca, --upstream-cert, --upstream-key', upstreamTls);
  return {
    routes: parsed,
    ui: uiOf(options.ui),
    thread: {
      print: options.print,
      filter,
      saveFile: options.saveFile,
      assertions,
      maximumStoredBytes: atLeast('maximumStoredBytes', options.maximumStoredBytes ?? 256 * MEBIBYTE, MEBIBYTE),
      isRevealed: options.isRevealed ?? false,
    },
    maximumBacklogBytes: atLeast('maximumBacklogBytes', options.maximumBacklogBytes ?? 32 * MEBIBYTE, MEBIBYTE / 4),
    listenerTls,
    upstreamTls,
    report: options.report ?? ((text) => process.stderr.write(`${text}\n`)),
  };
}

function checkPem(option: string, { ca, cert, key }: { ca?: string | undefined; cert?: string; key?: string }): void {
  try {
    createSecureContext({
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    });
  } catch (error) {
    throw new InspectorOptionError(
      option,
      `no certificate and key in PEM that fit together: ${(error as Error).message}`,
    );
  }
}

/** Whoever reaches the page sees the traffic, so it stays on this machine. */
function uiOf(ui: InspectorOptions['ui']): ResolvedOptions['ui'] {
  if (ui === false) return undefined;
  const { host = '127.0.0.1', port = 0 } = ui ?? {};
  if (!/^127(?:\.\d{1,3}){3}$|^::1$|^localhost$/.test(host)) {
    throw new InspectorOptionError('ui', `${host} is no loopback address: forward a port of this machine instead.`);
  }
  return { host, port };
}

function atLeast(option: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new InspectorOptionError(option, `it takes a whole number of bytes from ${least} on.`);
}
