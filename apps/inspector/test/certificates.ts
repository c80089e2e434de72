/** Certificates of the workspace, for 127.0.0.1 and localhost. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const certificateFolder = join(import.meta.dirname, '../../../packages/transport-tcp/test/certificates');

export function pem(name: string): string {
  return readFileSync(join(certificateFolder, `${name}.pem`), 'utf8');
}
