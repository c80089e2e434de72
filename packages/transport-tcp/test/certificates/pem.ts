import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The certificates that `make.sh` made. */
export function pem(name: string): string {
  return readFileSync(join(import.meta.dirname, `${name}.pem`), 'utf8');
}

export function der(name: string): Uint8Array {
  return new X509Certificate(pem(name)).raw;
}

export function fingerprint(name: string): string {
  return new X509Certificate(pem(name)).fingerprint256;
}
