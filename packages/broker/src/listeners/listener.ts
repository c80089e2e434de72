/** Where clients come in. */
import type { Connection } from '@omqtt/contracts';

export interface ListenerOptions {
  /** TCP or WebSocket, with TLS or without. */
  readonly type: 'tcp' | 'tls' | 'ws' | 'wss';
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: 0, a free one. */
  readonly port?: number;
  /** For `tls` and `wss`. */
  readonly tls?: ListenerTls;
  /** For `ws` and `wss`. Default: `/mqtt`. */
  readonly path?: string;
  /** For `ws` and `wss`: the pages that may connect, as `https://example.com`. Default: all, and programs that send none. */
  readonly origins?: readonly string[];
}

/** PEM texts, or DER bytes. */
export interface ListenerTls {
  readonly cert: string | Uint8Array;
  readonly key: string | Uint8Array;
  /** Whose certificates of clients are trusted. */
  readonly ca?: string | Uint8Array;
  /** Clients have to show a certificate that is trusted. Default: false. */
  readonly requestClientCert?: boolean;
}

export interface Listener {
  /** Such as `mqtt://127.0.0.1:1883`. */
  readonly url: string;
  readonly scheme: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  /** The port that was chosen, to come back to. */
  readonly port: number;
  /** Takes no more connections; those that are open are the broker's to end. */
  close(): Promise<void>;
}

export type Accept = (connection: Connection) => void;
