/** A transport turns a target into a connection that carries bytes. */

/**
 * Gives up, and leaves nothing open, when `signal` is aborted; once there is a connection, the signal has no meaning for
 * it. Rejects with a `TransportError`.
 */
export type Dial = (target: Target, signal: AbortSignal) => Promise<Connection>;

/** Where to connect to: the URL taken apart, and what belongs to the way there. */
export interface Target {
  /** As in the URL, in lower case: `mqtt`, `mqtts`, `tcp`, `tls`, `ssl`, `ws`, `wss`, `unix`. */
  readonly scheme: string;
  /** A name or an address; IPv6 without brackets. Empty for `unix`. */
  readonly host: string;
  /** 0 for `unix`. */
  readonly port: number;
  /** Path and query of a WebSocket, or the file of a unix socket. */
  readonly path: string;
  readonly tls?: TlsOptions;
  /** `http://[user:password@]host:port`, `https://…`, `socks5://…`: the proxy on the way. */
  readonly proxy?: string;
  /** The address of this machine to come from. Default: the system chooses. */
  readonly localAddress?: string;
  /** More headers for the WebSocket handshake; browsers have no way to send them. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** PEM texts or DER bytes where certificates and keys are asked for. */
export interface TlsOptions {
  /** Trusted instead of the certificate authorities of the system. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** The certificate of the client, with its chain. */
  readonly cert?: string | Uint8Array;
  /** The private key of the client's certificate. */
  readonly key?: string | Uint8Array;
  /** Decrypts `key`. */
  readonly passphrase?: string;
  /** The name to ask for and to check instead of the host. */
  readonly serverName?: string;
  /** Application protocols to offer, such as `mqtt`. Default: none. */
  readonly alpnProtocols?: readonly string[];
  /** Older versions of TLS are refused. Default: what the platform accepts. */
  readonly minimumVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** What may encrypt, as OpenSSL lists it: `ECDHE+AESGCM:!SHA1`. Default: that of the platform. */
  readonly ciphers?: string;
  /** Both sides know a key instead of showing certificates; TLS 1.2. */
  readonly preSharedKey?: { readonly identity: string; readonly key: Uint8Array };
  /** SHA-256 fingerprints of certificates of the server, as hex with or without colons: one of them has to be shown. */
  readonly pinnedFingerprints?: readonly string[];
  /** Accepts any certificate: only for tests. Default: false. */
  readonly insecure?: boolean;
}

/** A byte stream to one peer. Nothing arrives before `start`; nothing but the sink tells what happens. */
export interface Connection {
  readonly info: ConnectionInfo;
  /** To be called once. */
  start(sink: ConnectionSink): void;
  /** Takes the bytes over; false: hold the next ones until `drained`. Never throws: a lost connection tells the sink. */
  write(bytes: Uint8Array): boolean;
  /** Stops `bytes` until `resume`, so that the peer has to wait. */
  pause(): void;
  resume(): void;
  /**
   * Sends what was written, then ends. Resolves when the connection is gone, and never rejects. Works before `start` and
   * while paused, too; what has not been read by then is dropped.
   */
  close(): Promise<void>;
  /** Ends at once; what was not sent is lost. */
  destroy(): void;
  /** From now on the connection alone does not keep the process alive; only where the platform has such a thing. */
  unref?(): void;
}

export interface ConnectionSink {
  /** The chunk belongs to the sink: the connection does not write to it again. */
  bytes(chunk: Uint8Array): void;
  drained(): void;
  /** Called once, the last of all calls; without an error when the peer or this side ended it in order. */
  closed(error?: TransportError): void;
}

export interface ConnectionInfo {
  /** For people: `192.0.2.1:1883`, `/run/mqtt.sock`. */
  readonly peer: string;
  readonly isSecure: boolean;
  /** The sub-protocol of a WebSocket, or what ALPN chose. */
  readonly protocol?: string;
  readonly tls?: TlsInfo;
}

export interface TlsInfo {
  readonly version: string;
  readonly cipher: string;
  /** SHA-256, hex in upper case with colons. */
  readonly peerFingerprint?: string;
  /** When the certificate of the peer ends, in milliseconds since 1970. */
  readonly peerExpiresAt?: number;
}

/** The step of connecting that failed. */
export type DialPhase = 'options' | 'dns' | 'connect' | 'proxy' | 'tls' | 'websocket' | 'open';

/**
 * What transports reject with, and what ends a connection out of order. `retryable` is false when trying again
 * cannot help: a certificate that is not trusted, a path that is not a WebSocket.
 */
export interface TransportError extends Error {
  readonly code: TransportErrorCode;
  readonly phase: DialPhase;
  readonly retryable: boolean;
}

export type TransportErrorCode =
  | 'invalid-target'
  | 'name-not-found'
  | 'connection-refused'
  | 'unreachable'
  | 'connection-lost'
  | 'proxy-failed'
  | 'tls-failed'
  | 'certificate-not-trusted'
  | 'websocket-refused'
  | 'websocket-protocol'
  | 'aborted'
  | 'unsupported';
