/** The command line of `omqtt-inspector`. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { InspectorOptionError } from '../inspector-errors.ts';
import type { InspectorOptions, Route } from '../inspector-options.ts';
import type { PrintStyle } from '../thread/thread-messages.ts';

export interface CommandOptions {
  readonly isHelp: boolean;
  readonly inspector: InspectorOptions;
  readonly exitAfterMs: number | undefined;
}

export const helpText = `omqtt-inspector --listen URL --upstream URL [options]

Shows every packet between MQTT clients and a broker. Clients connect to --listen and get to --upstream.

  --listen URL        mqtt://127.0.0.1:1884, mqtts://…, ws://…, wss://…; port 0: a free one
  --upstream URL      mqtt://…, mqtts://…, ws://…, wss://…, unix:///path; each --listen has its own, in this order
  --ui HOST:PORT|off  where the page is; loopback only (default 127.0.0.1 and a free port)
  --print[=STYLE]     packets on standard output: line, tree or json
  --filter EXPR       what is printed and saved, such as 'type:publish rtt>200ms'
  --save FILE         into a new file: .omq, or .ndjson
  --assert EXPR       exit code 10 unless it holds: 'never(has:lint)', 'count(type:publish) >= 3',
                      'within(type:publish -> type:puback, 2s)'; repeatable
  --exit-after TIME   ends by itself: 500ms, 10s, 5m
  --limit SIZE        memory for packets: 64MB (default 256MiB)
  --reveal            prints and saves passwords and the like, which are masked otherwise
  --tls-cert FILE, --tls-key FILE, --tls-client-ca FILE         of the listener, PEM
  --upstream-ca FILE, --upstream-cert FILE, --upstream-key FILE, --upstream-name NAME, --insecure
  --help

Exit codes: 0 all is well, 2 wrong usage, 10 an assertion does not hold, 70 the inspection or --save failed.`;

const text = { type: 'string' } as const;
const list = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

const optionTable = {
  listen: list,
  upstream: list,
  ui: text,
  print: text,
  filter: text,
  save: text,
  assert: list,
  'exit-after': text,
  limit: text,
  reveal: flag,
  'tls-cert': text,
  'tls-key': text,
  'tls-client-ca': text,
  'upstream-ca': text,
  'upstream-cert': text,
  'upstream-key': text,
  'upstream-name': text,
  insecure: flag,
  help: { type: 'boolean', short: 'h' },
} as const;

/** Throws an `InspectorOptionError`. */
export function parseCommandLine(args: readonly string[]): CommandOptions {
  // `--print` alone means lines, and an option of parseArgs either has a value or has none.
  const { values } = parseStrictly(args.map((each) => (each === '--print' ? '--print=line' : each)));
  const isHelp = values.help ?? false;
  const exitAfter = values['exit-after'];
  return {
    isHelp,
    exitAfterMs: exitAfter === undefined ? undefined : durationOf('--exit-after', exitAfter),
    inspector: {
      routes: isHelp ? [] : routesOf(values.listen ?? [], values.upstream ?? []),
      ui: uiOf(values.ui),
      ...(values.print !== undefined && { print: styleOf(values.print) }),
      ...(values.filter !== undefined && { filter: values.filter }),
      ...(values.save !== undefined && { saveFile: values.save }),
      assertions: values.assert ?? [],
      ...(values.limit !== undefined && { maximumStoredBytes: sizeOf('--limit', values.limit) }),
      isRevealed: values.reveal ?? false,
      ...tlsOf(values),
    },
  };
}

type Values = ReturnType<typeof parseStrictly>['values'];

function parseStrictly(args: string[]) {
  try {
    return parseArgs({ args, options: optionTable, strict: true });
  } catch (error) {
    // Its messages are sentences that name the option.
    throw new InspectorOptionError('usage', (error as Error).message);
  }
}

function routesOf(listens: readonly string[], upstreams: readonly string[]): Route[] {
  if (listens.length === 0) {
    throw new InspectorOptionError('--listen', 'Say where clients connect, and --upstream where they get to.');
  }
  if (listens.length !== upstreams.length) {
    throw new InspectorOptionError(
      '--upstream',
      `There are ${listens.length} --listen and ${upstreams.length} --upstream.`,
    );
  }
  return listens.map((listen, index) => ({ listen, upstream: upstreams[index] ?? '' }));
}

function uiOf(value: string | undefined): NonNullable<InspectorOptions['ui']> {
  if (value === undefined) return {};
  if (value === 'off') return false;
  const [, host, port] = /^(?:(.*):)?(\d+)$/.exec(value) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw new InspectorOptionError('--ui', 'It takes HOST:PORT, PORT or off; a port is at most 65535.');
  }
  return { port: Number(port), ...(host && { host: host.replace(/^\[|\]$/g, '') }) };
}

function styleOf(value: string): PrintStyle {
  if (value === 'line' || value === 'tree' || value === 'json') return value;
  throw new InspectorOptionError('--print', 'It takes line, tree or json.');
}

function tlsOf(values: Values): Pick<InspectorOptions, 'listenerTls' | 'upstreamTls'> {
  const file = (name: keyof typeof optionTable): string | undefined => {
    const path = values[name];
    return typeof path === 'string' ? readPem(`--${name}`, path) : undefined;
  };
  const [cert, key, clientCa] = [file('tls-cert'), file('tls-key'), file('tls-client-ca')];
  refuseHalf(values, '--tls-cert', '--tls-key');
  refuseHalf(values, '--upstream-cert', '--upstream-key');
  const upstream = { ca: file('upstream-ca'), cert: file('upstream-cert'), key: file('upstream-key') };
  return {
    ...(cert !== undefined && key !== undefined && { listenerTls: { cert, key, ...(clientCa && { clientCa }) } }),
    upstreamTls: {
      ...(upstream.ca !== undefined && { ca: upstream.ca }),
      ...(upstream.cert !== undefined && { cert: upstream.cert }),
      ...(upstream.key !== undefined && { key: upstream.key }),
      ...(values['upstream-name'] !== undefined && { servername: values['upstream-name'] }),
      isInsecure: values.insecure ?? false,
    },
  };
}

/** A certificate without its key would be left out without a word. */
function refuseHalf(values: Values, cert: '--tls-cert' | '--upstream-cert', key: '--tls-key' | '--upstream-key'): void {
  const isGiven = (option: string): boolean => option.slice(2) in values;
  if (isGiven(cert) === isGiven(key)) return;
  throw new InspectorOptionError(isGiven(cert) ? cert : key, `It goes together with ${isGiven(cert) ? key : cert}.`);
}

function readPem(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InspectorOptionError(option, (error as Error).message);
  }
}

const millisecondsIn: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** What a timer of Node can wait. */
const LONGEST_MS = 2_147_483_647;

function durationOf(option: string, value: string): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(value) ?? [];
  if (amount === undefined) throw new InspectorOptionError(option, 'It takes a time such as 500ms, 10s or 5m.');
  return Math.min(LONGEST_MS, Number(amount) * (millisecondsIn[unit] ?? 1000));
}

const bytesIn: Readonly<Record<string, number>> = {
  kB: 1000,
  KB: 1000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

function sizeOf(option: string, value: string): number {
  const [, amount, unit = 'MB'] = /^(\d+(?:\.\d+)?)(kB|KB|MB|GB|KiB|MiB|GiB)$/.exec(value) ?? [];
  if (amount === undefined) throw new InspectorOptionError(option, 'It takes a size such as 64MB.');
  return Math.round(Number(amount) * (bytesIn[unit] ?? 1));
}
