import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { pem } from './certificates/pem.ts';
import { ignore, serveTls } from './local-server.ts';

const packageFolder = join(import.meta.dirname, '..');
const dial = `
  import { tcp } from '@omqtt/transport-tcp';
  const target = { scheme: 'mqtts', host: '127.0.0.1', port: Number(process.env.PORT), path: '' };
  for (const tls of [{}, { minimumVersion: 'TLSv1.3' }, { cert: process.env.CERT, key: process.env.KEY }]) {
    const { info } = await tcp()({ ...target, tls }, new AbortController().signal).then((connection) => {
      connection.destroy();
      return connection;
    });
    console.log(info.isSecure);
  }
`;

test('an authority that the system trusts is trusted, beside those that Node brings [parity Z7, E46, B21]', async () => {
  const { port } = await serveTls(ignore);
  const certificates = join(import.meta.dirname, 'certificates');
  // What OpenSSL takes for the store of the system.
  const env = { ...process.env, SSL_CERT_FILE: join(certificates, 'ca.pem'), PORT: String(port) };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--conditions=@omqtt/source',
      '--disable-warning=ExperimentalWarning',
      '--input-type=module-typescript',
      '-e',
      dial,
    ],
    { cwd: packageFolder, env: { ...env, CERT: pem('client'), KEY: pem('client-key') } },
  );
  expect(stdout).toBe('true\ntrue\ntrue\n');
});
