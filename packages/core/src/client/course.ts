/** Where the next attempt goes, and in which version: the URLs of the user in turn, unless the server wants it otherwise. */
import type { MqttError, ProtocolVersion } from '@omqtt/codec';
import type { Target } from '@omqtt/contracts';
import type { AttemptContext, ClientWiring } from './options.ts';
import { provide } from './provide.ts';
import { Redirects } from './redirects.ts';
import type { ResolvedOptions } from './resolve-options.ts';

export class Course {
  readonly #url: ClientWiring['url'];
  readonly #mayFallBack: boolean;
  readonly #redirects: Redirects | undefined;
  #version: ProtocolVersion;
  #turn = 0;
  /** Where the last attempt went; only redirects need it. */
  #target: Target | undefined;

  constructor(url: ClientWiring['url'], { version, mayFallBack, given: { followRedirects } }: ResolvedOptions) {
    this.#url = url;
    this.#mayFallBack = mayFallBack;
    this.#redirects = followRedirects === undefined ? undefined : new Redirects(followRedirects);
    this.#version = version;
  }

  /** The version that is spoken, or that will be tried next. */
  get version(): ProtocolVersion {
    return this.#version;
  }

  async nextUrl(context: AttemptContext): Promise<string> {
    if (this.#redirects?.url !== undefined) return this.#redirects.url;
    const urls = await provide(this.#url, context);
    const list = typeof urls === 'string' ? [urls] : urls;
    const url = list[this.#turn % list.length] ?? '';
    this.#turn += 1;
    return url;
  }

  goesTo(target: Target): void {
    if (this.#redirects !== undefined) this.#target = target;
  }

  /** Another version, or another server: tried at once, since the server has said what it wants. */
  changesAfter(error: MqttError): boolean {
    if (this.#fallsBack(error)) {
      // To the same server.
      if (this.#redirects?.url === undefined) this.#turn -= 1;
      return true;
    }
    return this.#target !== undefined && this.#redirects?.follow(error, this.#target) === true;
  }

  /** A connection has lasted. */
  lasted(): void {
    this.#redirects?.lasted();
  }

  /** A connection has ended, or could not be made. */
  ended(wasConnected: boolean): void {
    this.#redirects?.ended(wasConnected);
  }

  #fallsBack(error: MqttError): boolean {
    const isRefused = error.code === 'connect-refused' && error.reasonCode === 0x84;
    if (!isRefused || !this.#mayFallBack || this.#version === '3.1.1') return false;
    this.#version = '3.1.1';
    return true;
  }
}
