/** What there is to know about an open socket. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ConnectionInfo, TlsInfo } from '@omqtt/contracts';

/** Read at once: a socket forgets its peer when it closes. */
export function describeSocket(socket: Socket, peer: string): ConnectionInfo {
  if (!(socket instanceof TLSSocket)) return { peer, isSecure: false };
  const { alpnProtocol } = socket;
  return {
    peer,
    isSecure: true,
    ...(typeof alpnProtocol === 'string' && { protocol: alpnProtocol }),
    tls: describeTls(socket),
  };
}

function describeTls(socket: TLSSocket): TlsInfo {
  const certificate = socket.getPeerX509Certificate();
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    ...(certificate && {
      peerFingerprint: certificate.fingerprint256,
      peerExpiresAt: Date.parse(certificate.validTo),
    }),
  };
}
