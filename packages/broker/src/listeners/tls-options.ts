/** What Node wants to know for a server with TLS. */
import type { TlsOptions } from 'node:tls';
import type { ListenerTls } from './listener.ts';

export function tlsServerOptions({ cert, key, ca, requestClientCert = false }: ListenerTls): TlsOptions {
  return {
    cert: readable(cert),
    key: readable(key),
    ...(ca !== undefined && { ca: readable(ca) }),
    requestCert: requestClientCert,
    rejectUnauthorized: requestClientCert,
  };
}

function readable(value: string | Uint8Array): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value);
}
