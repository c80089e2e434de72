/** A proxy, as its URL names it. */
import { invalidTarget } from './socket-error.ts';
import { checkPlace, placeName, type InternetPlace, type Place } from './socket-target.ts';

export interface Proxy {
  readonly kind: 'http' | 'https' | 'socks5';
  readonly place: InternetPlace;
  readonly credentials?: ProxyCredentials;
}

export interface ProxyCredentials {
  readonly user: string;
  readonly password: string;
}

const kinds: Readonly<Record<string, { readonly kind: Proxy['kind']; readonly port: number }>> = {
  'http:': { kind: 'http', port: 80 },
  'https:': { kind: 'https', port: 443 },
  'socks5:': { kind: 'socks5', port: 1080 },
  // The name that curl has for "the proxy resolves names", which is what happens here in any case.
  'socks5h:': { kind: 'socks5', port: 1080 },
};

/** Throws a `SocketError` that does not repeat the text, because of the password in it. */
export function parseProxy(text: string): Proxy {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const facts = url && kinds[url.protocol];
  if (!url || !facts || url.hostname === '') {
    throw invalidTarget('The proxy has to be of the form http://host:port, https://host:port or socks5://host:port.');
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const place = checkPlace({ host, port: url.port === '' ? facts.port : Number(url.port) }) as InternetPlace;
  if (url.username === '' && url.password === '') return { kind: facts.kind, place };
  return { kind: facts.kind, place, credentials: checkCredentials(facts.kind, url) };
}

/** For people, without the credentials. */
export function proxyName({ place }: { readonly place: Place }): string {
  return `the proxy ${placeName(place)}`;
}

function checkCredentials(kind: Proxy['kind'], { username, password }: URL): ProxyCredentials {
  const credentials = { user: decode(username), password: decode(password) };
  const lengths = [credentials.user, credentials.password].map((text) => Buffer.byteLength(text));
  // RFC 1929: one byte for each length, and none may be 0.
  if (kind === 'socks5' && lengths.some((length) => length === 0 || length > 255)) {
    throw invalidTarget('User and password of a SOCKS5 proxy have to be of 1 to 255 bytes.');
  }
  // RFC 7617: the first colon ends the user.
  if (kind !== 'socks5' && credentials.user.includes(':')) {
    throw invalidTarget('The user of an HTTP proxy cannot have a colon in it.');
  }
  return credentials;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // The cause would show the text.
    throw invalidTarget('User and password of the proxy have to be percent-encoded: a "%" itself is "%25".');
  }
}
