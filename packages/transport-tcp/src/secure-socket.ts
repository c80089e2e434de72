/** Puts TLS onto an open socket. */
import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import { keepErrorsQuiet, waitFor } from './awaiting-socket.ts';
import { explainHandshake, pinsNotShown } from './tls-failures.ts';
import { showsPinned } from './pinned-certificates.ts';
import type { TlsSettings } from './tls-settings.ts';

export interface TlsPeer {
  /** For people. */
  readonly name: string;
  /** What the certificate has to be for, unless the settings name something else. */
  readonly host: string;
}

/** Resolves when the server is known to be the right one; otherwise nothing stays open. */
export async function secureSocket(
  socket: Socket,
  settings: TlsSettings,
  { peer, signal }: { readonly peer: TlsPeer; readonly signal: AbortSignal },
): Promise<TLSSocket> {
  const secured = startTls(socket, settings, peer.host);
  keepErrorsQuiet(secured);
  await waitFor('secureConnect', secured, {
    phase: 'tls',
    signal,
    explain: (error) => explainHandshake(peer.name, secured, error),
  });
  if (showsPinned(secured, settings)) return secured;
  // Made before the socket forgets what it was shown.
  const error = pinsNotShown(peer.name, secured);
  secured.destroy();
  throw error;
}

function startTls(socket: Socket, settings: TlsSettings, host: string): TLSSocket {
  const { context, alpnProtocols, isInsecure, preSharedKey } = settings;
  const name = settings.serverName ?? host;
  return connect({
    socket,
    secureContext: context,
    // RFC 6066: an address is not a name that a server can be asked for.
    servername: isIP(name) === 0 ? name : '',
    // The socket would name the proxy, if it leads through one.
    // With a pre-shared key nobody shows a certificate: to know the key is the proof.
    checkServerIdentity: (_, certificate) => (preSharedKey ? undefined : checkServerIdentity(name, certificate)),
    rejectUnauthorized: !isInsecure,
    ...(alpnProtocols && { ALPNProtocols: [...alpnProtocols] }),
    ...(preSharedKey && { pskCallback: () => ({ psk: preSharedKey.key, identity: preSharedKey.identity }) }),
  });
}
