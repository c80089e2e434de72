import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { bareHex } from './tls-settings.ts';

/**
 * Whether the server shows a pinned certificate: its own, or one that signed it. When nobody checked the signatures
 * (`insecure`), only its own counts: anybody can show that of an authority behind theirs.
 */
export function showsPinned(stream: TLSSocket, pins: readonly string[], isInsecure: boolean): boolean {
  const chain = signedChain(stream.getPeerCertificate(true));
  const wanted = new Set(pins.map(bareHex));
  return (isInsecure ? chain.slice(0, 1) : chain).some(({ fingerprint256 }) => wanted.has(bareHex(fingerprint256)));
}

/** Node puts the certificates in a row by their names; a signature has to hold too. */
function signedChain(own: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<DetailedPeerCertificate>(); // a root has signed itself
  let next: DetailedPeerCertificate | undefined = own;
  while (next?.raw && !seen.has(next)) {
    seen.add(next);
    const certificate = new X509Certificate(next.raw);
    const below = chain.at(-1);
    if (below && !(certificate.ca && below.verify(certificate.publicKey))) break;
    chain.push(certificate);
    next = next.issuerCertificate;
  }
  return chain;
}
