/** The challenge and response of 5.0 (§4.12), as the program that runs the broker sees it. */
import type { ConnectionInfo } from '@omqtt/contracts';
import type { Note } from './refusal.ts';

/** Begins one exchange, for a CONNECT or for a re-authentication. */
export type AuthenticationMechanism = (request: ExchangeRequest) => AuthenticationExchange;

export interface ExchangeRequest {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly info: ConnectionInfo;
  readonly isReauthentication: boolean;
}

export interface AuthenticationExchange {
  /** Called with the data of CONNECT or of the first AUTH, then with that of each AUTH that answers a challenge. */
  next(data: Uint8Array | undefined): ExchangeStep | Promise<ExchangeStep>;
}

export type ExchangeStep = Note &
  (
    | { readonly type: 'challenge'; readonly data?: Uint8Array }
    | { readonly type: 'success'; readonly data?: Uint8Array }
    | { readonly type: 'failure'; readonly reasonCode?: number }
  );
