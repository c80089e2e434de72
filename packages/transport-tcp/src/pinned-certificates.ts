/** Whether a server shows one of the certificates that are pinned. */
import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { TlsSettings } from './tls-settings.ts';

/**
 * The certificate of the server counts, and whatever signed it. Without the checks of TLS (`insecure`) only the first
 * one does: anybody who has a certificate of that authority could show it behind their own.
 */
export function showsPinned(socket: TLSSocket, { pins, isInsecure }: TlsSettings): boolean {
  if (pins.length === 0) return true;
  const chain = signedChain(socket.getPeerCertificate(true));
  const counting = isInsecure ? chain.slice(0, 1) : chain;
  return counting.some(({ fingerprint256 }) => pins.includes(fingerprint256.replaceAll(':', '')));
}

/** Node lists what the server sent by name. What did not sign the one before it proves nothing. */
function signedChain(leaf: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<DetailedPeerCertificate>();
  let next: DetailedPeerCertificate | undefined = leaf;
  // A root is its own issuer.
  while (next?.raw && !seen.has(next)) {
    seen.add(next);
    const certificate = new X509Certificate(next.raw);
    const signed = chain.at(-1);
    if (signed?.verify(certificate.publicKey) === false) break;
    chain.push(certificate);
    next = next.issuerCertificate;
  }
  return chain;
}
