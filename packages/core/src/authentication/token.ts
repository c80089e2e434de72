/** A token that somebody else has issued (OAuth, JWT, …) as an enhanced authentication. */
import type { AuthContext, AuthMechanism } from './mechanism.ts';
import { AuthMechanismError } from './mechanism-error.ts';

export interface TokenOptions {
  /** The Authentication Method that the server knows, such as `OAUTH2-JWT`. */
  readonly method: string;
  /** Asked for each exchange, so that a reconnect or a re-authentication never sends a stale token. */
  readonly token: (context: AuthContext) => Promise<string | Uint8Array> | string | Uint8Array;
}

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

  constructor(options: TokenOptions) {
    this.#options = options;
  }

  get method(): string {
    return this.#options.method;
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
    const token = await this.#options.token(exchange.context);
    exchange.context.signal.throwIfAborted();
    if (this.#exchange !== exchange) throw this.#error('another exchange has begun meanwhile');
    if (token.length === 0) throw this.#error('the token is empty');
    return typeof token === 'string' ? new TextEncoder().encode(token) : token;
  }

  #error(what: string): AuthMechanismError {
    return new AuthMechanismError(this.#options.method, what);
  }
}
