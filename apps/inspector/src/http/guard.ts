/**
 * Who may talk to the server. A page of another site can send requests to a loopback address, and with a name of its own
 * that points there (DNS rebinding) it could even read answers: so `Host` has to be one of ours, `Origin` our own where
 * something is changed or a WebSocket is opened, and everything but the files of the page needs the token.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { tokenProtocol } from '../api/routes.ts';

export interface Refusal {
  readonly status: 400 | 401 | 403 | 421 | 429;
  readonly error: string;
}

/** Wrong tokens in one minute, from anybody. */
const MOST_WRONG_TOKENS = 10;
const MINUTE_MS = 60_000;

export class Guard {
  readonly token: string = randomBytes(32).toString('base64url');
  readonly #port: number;
  readonly #hosts: ReadonlySet<string>;
  readonly #cookieValue: string;
  #wrongTokens = 0;
  #countedSince = 0;

  constructor({ port, hostNames }: { readonly port: number; readonly hostNames: readonly string[] }) {
    this.#port = port;
    this.#hosts = new Set(hostNames.map((name) => `${name.includes(':') ? `[${name}]` : name}:${port}`.toLowerCase()));
    // Whoever sees the cookie has not seen the token.
    this.#cookieValue = createHmac('sha256', this.token).update('cookie').digest('base64url');
  }

  /** For every request: the host, and who sent the browser. */
  refuse(request: IncomingMessage): Refusal | undefined {
    const host = request.headers.host?.toLowerCase() ?? '';
    if (!this.#hosts.has(host)) {
      return { status: 421, error: 'This is not the host that the inspector was started with.' };
    }
    const { origin } = request.headers;
    const isOwn = origin === `http://${host}`;
    if (origin !== undefined && !isOwn) return { status: 403, error: 'Pages of other sites may not ask.' };
    const isSafe = request.method === 'GET' || request.method === 'HEAD';
    if (!isOwn && (!isSafe || isUpgrade(request))) {
      return { status: 403, error: 'This needs the header Origin, with the address of the inspector.' };
    }
    return undefined;
  }

  /** For what is not a file of the page. */
  refuseApi(request: IncomingMessage): Refusal | undefined {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      return { status: 403, error: 'Pages of other sites may not ask.' };
    }
    return undefined;
  }

  refuseStranger(request: IncomingMessage, nowMs: number): Refusal | undefined {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? tokenOffered(request);
    if (token !== undefined) return this.refuseToken(token, nowMs);
    const cookie = cookieOf(request, this.#cookieName);
    if (cookie !== undefined && isEqual(cookie, this.#cookieValue)) return undefined;
    return { status: 401, error: 'Open the address that the inspector printed, or send its token.' };
  }

  refuseToken(token: string, nowMs: number): Refusal | undefined {
    if (nowMs - this.#countedSince > MINUTE_MS) {
      this.#countedSince = nowMs;
      this.#wrongTokens = 0;
    }
    // The right one is refused then too, or guessing would go on behind the limit.
    if (this.#wrongTokens >= MOST_WRONG_TOKENS) return { status: 429, error: 'Too many wrong tokens: wait a minute.' };
    if (isEqual(token, this.token)) return undefined;
    this.#wrongTokens += 1;
    return { status: 401, error: 'This is not the token of this inspector.' };
  }

  /** Cookies do not know ports, so the port is in the name. */
  get #cookieName(): string {
    return `omqtt_inspector_${this.#port}`;
  }

  cookieHeader(): string {
    return `${this.#cookieName}=${this.#cookieValue}; HttpOnly; SameSite=Strict; Path=/`;
  }
}

function isUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade !== undefined;
}

/** A page cannot give its WebSocket a header, but protocols. */
export function tokenOffered(request: IncomingMessage): string | undefined {
  if (!isUpgrade(request)) return undefined;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  return offered.find((protocol) => protocol.startsWith(tokenProtocol))?.slice(tokenProtocol.length);
}

function cookieOf({ headers }: IncomingMessage, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** In a time that does not tell how much is right. */
function isEqual(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
