/** What a client asks of an enhanced authentication, whatever its method. */

/** One enhanced authentication (§4.12). A new exchange begins with `start`, for a connection and for a re-authentication. */
export interface AuthMechanism {
  /** The Authentication Method, the same for the whole life of the mechanism. */
  readonly method: string;
  /**
   * When what was sent last expires, in milliseconds since 1970: the client authenticates again on the live connection
   * before, or connects again if that fails.
   */
  readonly expiresAt?: number | undefined;
  /** The data that goes with CONNECT, or with AUTH 0x19. What an earlier exchange still waits for is abandoned. */
  start(context: AuthContext): Promise<Uint8Array | undefined> | Uint8Array | undefined;
  /** The server's challenge (AUTH 0x18); what is returned goes back with AUTH 0x18. */
  challenge(data: Uint8Array | undefined): Promise<Uint8Array | undefined> | Uint8Array | undefined;
  /** The server's last word (CONNACK or AUTH 0x00). Throws if the server did not prove who it is. */
  success(data: Uint8Array | undefined): Promise<void> | void;
}

/** The occasion of an exchange. */
export interface AuthContext {
  /** 1 for the first try. */
  readonly attempt: number;
  /** The connection stands, and proves itself once more. */
  readonly isReauthentication: boolean;
  /** Aborted when nobody waits for the exchange any longer. */
  readonly signal: AbortSignal;
}
