/** Certificates and keys come as PEM text, or as bytes of either form; Node's TLS wants PEM. */
import { createPrivateKey, X509Certificate } from 'node:crypto';

/** PEM as it is, with all certificates in it; DER is one certificate. */
export function certificateToPem(certificate: string | Uint8Array): string {
  return pemText(certificate) ?? new X509Certificate(certificate).toString();
}

/** DER does not say what kind of key it is: the kinds are tried, the newest first. */
export function keyToPem(key: string | Uint8Array, passphrase?: string): string {
  const text = pemText(key);
  if (text !== undefined) return text;
  const failures: unknown[] = [];
  for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const) {
    try {
      const secret = passphrase === undefined ? {} : { passphrase };
      const parsed = createPrivateKey({ key: Buffer.from(key as Uint8Array), format: 'der', type, ...secret });
      return parsed.export({ format: 'pem', type: 'pkcs8' }).toString();
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(failures, 'The key is neither PEM nor DER, or its passphrase is wrong.');
}

/** Files that were read as bytes are mostly PEM too. */
function pemText(given: string | Uint8Array): string | undefined {
  const text = typeof given === 'string' ? given : new TextDecoder().decode(given);
  return typeof given === 'string' || text.includes('-----BEGIN ') ? text : undefined;
}
