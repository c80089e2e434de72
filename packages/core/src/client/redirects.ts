/** Other servers that the server names (§4.11): followed when the user allows it, and not for ever. */
import type { MqttError } from '@omqtt/codec';
import type { Target } from '@omqtt/contracts';
import { isRedirect } from '../session/index.ts';
import type { ClientOptions } from './options.ts';

/** Redirects that are followed without a connection that lasted in between. */
const MOST_HOPS = 3;
const MOVED_FOR_GOOD = 0x9d;

export class Redirects {
  readonly #mayFollow: NonNullable<ClientOptions['followRedirects']>;
  #url: string | undefined;
  #isForGood = false;
  #hops = 0;

  constructor(mayFollow: NonNullable<ClientOptions['followRedirects']>) {
    this.#mayFollow = mayFollow;
  }

  /** Where to go instead of the URL of the user. */
  get url(): string | undefined {
    return this.#url;
  }

  /** Whether the error sends the client elsewhere: then `url` says where. */
  follow(error: MqttError, from: Target): boolean {
    const { reasonCode } = error;
    const reference = 'serverReference' in error ? error.serverReference : undefined;
    if (reasonCode === undefined || !isRedirect(reasonCode) || typeof reference !== 'string') return false;
    const url = urlOf(reference, from);
    if (url === undefined || !this.#allows(url, from) || this.#hops >= MOST_HOPS) return false;
    this.#hops += 1;
    this.#url = url;
    this.#isForGood = reasonCode === MOVED_FOR_GOOD;
    return true;
  }

  /** A connection has lasted: the next redirect is the first of a new chain. */
  lasted(): void {
    this.#hops = 0;
  }

  /** The connection has ended, or could not be made: the user's URL counts again, unless the server has moved for good. */
  ended(wasConnected: boolean): void {
    if (!wasConnected || !this.#isForGood) this.#url = undefined;
  }

  #allows(url: string, from: Target): boolean {
    if (typeof this.#mayFollow === 'function') return this.#mayFollow(url);
    // A server must not talk the client out of TLS.
    return this.#mayFollow && (!isSecure(from.scheme) || isSecure(schemeOf(url)));
  }
}

/** The first of the list; a name without a scheme is reached in the same way as the server that named it. */
function urlOf(reference: string, { scheme, path }: Target): string | undefined {
  const [first = ''] = reference.trim().split(/\s+/);
  if (first === '' || first.includes('://')) return first === '' ? undefined : first;
  if (scheme === 'unix') return `mqtt://${first}`;
  return `${scheme}://${first}${scheme.startsWith('ws') ? path : ''}`;
}

function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(':')).toLowerCase();
}

function isSecure(scheme: string): boolean {
  return scheme === 'mqtts' || scheme === 'tls' || scheme === 'ssl' || scheme === 'wss';
}
