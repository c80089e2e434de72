/** One enhanced authentication (§4.12). A new exchange begins with `start`, for a connection and for a re-authentication. */
export interface AuthMechanism {
  readonly method: string;
  /** The data that goes with CONNECT, or with AUTH 0x19. */
  start(context: AuthContext): Promise<Uint8Array | undefined> | Uint8Array | undefined;
  /** The server's challenge (AUTH 0x18); what is returned goes back with AUTH 0x18. */
  challenge(data: Uint8Array | undefined): Promise<Uint8Array | undefined> | Uint8Array | undefined;
  /** The server's last word (CONNACK or AUTH 0x00). Throws if the server did not prove who it is. */
  success(data: Uint8Array | undefined): Promise<void> | void;
}

export interface AuthContext {
  readonly attempt: number;
  readonly isReauthentication: boolean;
  readonly signal: AbortSignal;
}
