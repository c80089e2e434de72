/** A token that somebody else has issued (OAuth, JWT, …) as an enhanced authentication. */
import type { AuthContext, AuthMechanism } from './mechanism.ts';
import { AuthMechanismError } from './mechanism-error.ts';

export interface TokenOptions {
  /** The Authentication Method that the server knows, such as `OAUTH2-JWT`. */
  readonly method: string;
  /** Asked for each exchange, so that a reconnect or a re-authentication never sends a stale token. */
  readonly token: (context: AuthContext) => Promise<IssuedToken> | IssuedToken;
}

/** With `expiresAt` in milliseconds since 1970 the client renews it in time; the `exp` of a JWT is in seconds. */
export type IssuedToken =
  | string
  | Uint8Array
  | { readonly token: string | Uint8Array; readonly expiresAt?: number | undefined };

/** Sends the token as it is: only for a connection that nobody else can read. The server has nothing to prove. */
export function tokenAuth(options: TokenOptions): AuthMechanism {
  return new TokenAuth(options);
}

interface Exchange {
  readonly context: AuthContext;
  isChallenged: boolean;
}

class TokenAuth implements AuthMechanism {
  readonly #options: TokenOptions;
  #exchange: Exchange | undefined;
  #expiresAt: number | undefined;

  constructor(options: TokenOptions) {
    this.#options = options;
  }

  get method(): string {
    return this.#options.method;
  }

  get expiresAt(): number | undefined {
    return this.#expiresAt;
  }

  start(context: AuthContext): Promise<Uint8Array> {
    const exchange = { context, isChallenged: false };
    this.#exchange = exchange;
    return this.#token(exchange);
  }

  async challenge(): Promise<Uint8Array> {
    const exchange = this.#exchange;
    // A server that refuses two tokens would refuse all of them, for ever.
    if (exchange === undefined || exchange.isChallenged) throw this.#error('the server did not take the token');
    exchange.isChallenged = true;
    return this.#token(exchange);
  }

  success(): void {
    this.#exchange = undefined;
  }

  async #token(exchange: Exchange): Promise<Uint8Array> {
    const issued = await this.#options.token(exchange.context);
    const { token, expiresAt } =
      typeof issued === 'string' || issued instanceof Uint8Array ? { token: issued, expiresAt: undefined } : issued;
    exchange.context.signal.throwIfAborted();
    if (this.#exchange !== exchange) throw this.#error('another exchange has begun meanwhile');
    if (token.length === 0) throw this.#error('the token is empty');
    this.#expiresAt = expiresAt;
    return typeof token === 'string' ? new TextEncoder().encode(token) : token;
  }

  #error(what: string): AuthMechanismError {
    return new AuthMechanismError(this.#options.method, what);
  }
}
