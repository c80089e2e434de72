/** SCRAM (RFC 5802, RFC 7677) as an enhanced authentication, without channel binding. */
import { toBase64 } from './base64.ts';
import type { AuthContext, AuthMechanism } from './mechanism.ts';
import { AuthMechanismError } from './mechanism-error.ts';
import { prepareText } from './prepared-text.ts';
import { clientProof, deriveKeys, encodeText, isSignedByServer, type ScramHash, type ScramKeys } from './scram-keys.ts';
import { readServerFinal, readServerFirst, type ServerFirst } from './scram-messages.ts';

export interface ScramOptions {
  /** Who this is; sent in the clear, as the mechanism wants it. */
  readonly username: string;
  /** A function is asked only when the keys of the last successful exchange do not serve: then nobody has to keep it. */
  readonly password: string | ((context: AuthContext) => Promise<string> | string);
  /** Fewer rounds are refused: they would make the password easy to guess from what went over the wire. Default: 4096. */
  readonly minimumIterations?: number;
  /** More rounds are refused: a hostile server could keep this side busy. Default: 1 000 000, a second or two. */
  readonly maximumIterations?: number;
  /** Makes the client's nonce, new for each exchange: printable ASCII without comma. Default: 144 random bits. */
  readonly nonce?: () => string;
}

/** For servers that offer nothing newer. */
export function scramSha1(options: ScramOptions): AuthMechanism {
  return scram('SHA-1', options);
}

/** Proves the password without sending it, and that the server knows it too. */
export function scramSha256(options: ScramOptions): AuthMechanism {
  return scram('SHA-256', options);
}

/** As SCRAM-SHA-256, with a longer hash. */
export function scramSha512(options: ScramOptions): AuthMechanism {
  return scram('SHA-512', options);
}

function scram(hash: ScramHash, options: ScramOptions): AuthMechanism {
  const mechanism = new Scram(hash, { minimumIterations: 4096, maximumIterations: 1_000_000, ...options });
  mechanism.checkOptions();
  return mechanism;
}

type ResolvedOptions = ScramOptions & Required<Pick<ScramOptions, 'minimumIterations' | 'maximumIterations'>>;

interface Exchange {
  readonly context: AuthContext;
  readonly nonce: string;
  readonly clientFirst: string;
  isChallenged: boolean;
  /** What the server has to sign, from the client's last message on. */
  promise?: { readonly authMessage: string; readonly keys: KeptKeys } | undefined;
}

interface KeptKeys extends ScramKeys {
  /** The salt and the count that they were made for. */
  readonly madeFor: string;
}

class Scram implements AuthMechanism {
  readonly method: string;
  readonly #hash: ScramHash;
  readonly #options: ResolvedOptions;
  #exchange: Exchange | undefined;
  /** Only from an exchange that succeeded: after a failure, the password is asked for again. */
  #kept: KeptKeys | undefined;

  constructor(hash: ScramHash, options: ResolvedOptions) {
    this.method = `SCRAM-${hash}`;
    this.#hash = hash;
    this.#options = options;
  }

  /** A mistake shows where it was made, and not at the next connection. */
  checkOptions(): void {
    const { username, password, minimumIterations, maximumIterations } = this.#options;
    this.#prepare('user name', username);
    if (typeof password === 'string') this.#prepare('password', password);
    // Written so that NaN is refused too.
    if (!(minimumIterations >= 1 && minimumIterations <= maximumIterations)) {
      throw this.#error('minimumIterations has to be at least 1, and at most maximumIterations');
    }
  }

  start(context: AuthContext): Uint8Array {
    // Browsers hide it from pages without TLS.
    if (globalThis.crypto?.subtle === undefined) {
      throw this.#error('it needs Web Crypto, which browsers have only for pages over https or on localhost');
    }
    const nonce = (this.#options.nonce ?? randomNonce)();
    if (!/^[!-+\--~]+$/.test(nonce)) throw this.#error('the nonce has to be printable ASCII without comma');
    const name = this.#prepare('user name', this.#options.username).replaceAll('=', '=3D').replaceAll(',', '=2C');
    const clientFirst = `n=${name},r=${nonce}`;
    this.#exchange = { context, nonce, clientFirst, isChallenged: false };
    return encodeText(`n,,${clientFirst}`);
  }

  async challenge(data: Uint8Array | undefined): Promise<Uint8Array> {
    const exchange = this.#exchange;
    if (exchange === undefined || exchange.isChallenged) throw this.#error('the server sent a challenge out of turn');
    exchange.isChallenged = true;
    const serverFirst = this.#checkedServerFirst(exchange, data);
    const keys = await this.#keysFor(exchange, serverFirst);
    // biws is n,, in base64: no channel binding.
    const clientFinal = `c=biws,r=${serverFirst.nonce}`;
    const authMessage = `${exchange.clientFirst},${serverFirst.text},${clientFinal}`;
    const proof = await clientProof(keys, authMessage);
    this.#checkWanted(exchange);
    exchange.promise = { authMessage, keys };
    return encodeText(`${clientFinal},p=${toBase64(proof)}`);
  }

  async success(data: Uint8Array | undefined): Promise<void> {
    const exchange = this.#exchange;
    if (exchange?.promise === undefined) throw this.#error('the server ended it before it proved who it is');
    const { keys, authMessage } = exchange.promise;
    // There is one last word.
    exchange.promise = undefined;
    const signature = readServerFinal(this.method, data);
    const isGenuine = await isSignedByServer(keys, authMessage, signature);
    this.#checkWanted(exchange);
    if (!isGenuine) throw this.#error('the signature of the server is wrong: it does not know the password');
    this.#kept = keys;
  }

  #checkedServerFirst(exchange: Exchange, data: Uint8Array | undefined): ServerFirst {
    const serverFirst = readServerFirst(this.method, data);
    const { nonce, iterations } = serverFirst;
    if (!nonce.startsWith(exchange.nonce) || nonce.length === exchange.nonce.length) {
      throw this.#error('the nonce of the server does not continue that of the client');
    }
    const { minimumIterations, maximumIterations } = this.#options;
    if (iterations < minimumIterations || iterations > maximumIterations) {
      throw this.#error(
        `the server asks for ${iterations} iterations, and ${minimumIterations} to ${maximumIterations} are allowed`,
      );
    }
    return serverFirst;
  }

  async #keysFor(exchange: Exchange, { salt, iterations }: ServerFirst): Promise<KeptKeys> {
    const madeFor = `${iterations} ${toBase64(salt)}`;
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept?.madeFor === madeFor) return kept;
    const { password } = this.#options;
    const text = typeof password === 'string' ? password : await password(exchange.context);
    this.#checkWanted(exchange);
    const keys = await deriveKeys(this.#hash, this.#prepare('password', text), { salt, iterations });
    return { ...keys, madeFor };
  }

  #checkWanted(exchange: Exchange): void {
    exchange.context.signal.throwIfAborted();
    if (this.#exchange !== exchange) throw this.#error('another exchange has begun meanwhile');
  }

  #prepare(what: string, text: string): string {
    const prepared = prepareText(text);
    if (prepared === undefined) throw this.#error(`the ${what} is empty, or has characters that SASLprep prohibits`);
    return prepared;
  }

  #error(what: string): AuthMechanismError {
    return new AuthMechanismError(this.method, what);
  }
}

function randomNonce(): string {
  return toBase64(crypto.getRandomValues(new Uint8Array(18)));
}
