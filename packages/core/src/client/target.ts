/** URLs of brokers, taken apart. */
import type { Target } from '@omqtt/contracts';
import { InvalidOptionError } from './errors.ts';
import type { ClientOptions, Credentials } from './options.ts';

export interface ParsedUrl {
  readonly target: Target;
  /** What stood in the URL; the options come first. */
  readonly credentials: Credentials | undefined;
}

const defaultPorts: Readonly<Record<string, number>> = {
  mqtt: 1883,
  tcp: 1883,
  mqtts: 8883,
  tls: 8883,
  ssl: 8883,
  ws: 80,
  wss: 443,
};

/** What is not encrypted, and what to use instead. */
const secureSchemes: Readonly<Record<string, string>> = { mqtt: 'mqtts', tcp: 'tls', ws: 'wss' };

// The platforms disagree about URLs whose scheme they do not know, so these few parts are read here.
const form = /^(?:(?<user>[^/?#@]*)@)?(?<host>\[[^\]/\s]+\]|[^:/?#@[\]\s]+)(?::(?<port>\d{1,5}))?(?<path>[/?#].*)?$/;

/** Throws an `InvalidOptionError`, which never shows the credentials of the URL. */
export function parseUrl(text: string, { tls, proxy, localAddress, headers }: ClientOptions): ParsedUrl {
  const [scheme = '', rest = ''] = splitScheme(text);
  const given = Object.entries({ tls, proxy, localAddress, headers }).filter(([, value]) => value !== undefined);
  const way: Partial<Target> = Object.fromEntries(given);
  if (scheme === 'unix') {
    return { target: { scheme, host: '', port: 0, path: socketFile(rest), ...way }, credentials: undefined };
  }
  const defaultPort = defaultPorts[scheme];
  if (defaultPort === undefined) {
    throw new InvalidOptionError(
      'url',
      `begins with one of ${Object.keys(defaultPorts).join(', ')}, followed by ://, or with unix:`,
    );
  }
  const secure = secureSchemes[scheme];
  if (tls !== undefined && secure !== undefined) {
    // Whoever names a certificate does not expect to talk in the clear.
    throw new InvalidOptionError('tls', `would do nothing with ${scheme}: use ${secure}, or leave it out`);
  }
  const parts = form.exec(rest.replace(/^\/\//, ''))?.groups;
  const port = parts?.['port'] === undefined ? defaultPort : Number(parts['port']);
  if (parts === undefined || port < 1 || port > 65_535) {
    throw new InvalidOptionError('url', 'is not complete: it reads like mqtt://host:1883');
  }
  return {
    target: {
      scheme,
      host: (parts['host'] ?? '').replace(/^\[|\]$/g, ''),
      port,
      path: (parts['path'] ?? '').replace(/#.*$/, ''),
      ...way,
    },
    credentials: credentialsOf(parts['user']),
  };
}

/** For people: without credentials, and without path and query, where tokens may stand. */
export function displayUrl({ scheme, host, port, path }: Target): string {
  if (scheme === 'unix') return `unix:${path}`;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function splitScheme(text: string): string[] {
  const colon = text.indexOf(':');
  return [text.slice(0, Math.max(0, colon)).toLowerCase(), text.slice(colon + 1)];
}

function socketFile(rest: string): string {
  const path = rest.replace(/^\/\/(?=\/)/, '');
  if (/^\/*$/.test(path)) {
    throw new InvalidOptionError('url', 'of a unix socket names its file: unix:/run/mqtt.sock');
  }
  return path;
}

function credentialsOf(user: string | undefined): Credentials | undefined {
  if (user === undefined || user === '') return undefined;
  const colon = user.indexOf(':');
  const [name, password] = colon === -1 ? [user, undefined] : [user.slice(0, colon), user.slice(colon + 1)];
  return {
    ...(name !== '' && { username: decode(name) }),
    ...(password !== undefined && { password: decode(password) }),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidOptionError('url', 'has a user name or password in which a % begins no escape');
  }
}
