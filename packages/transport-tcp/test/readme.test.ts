import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsOptions, TransportErrorCode } from '@omqtt/contracts';
import { readExamples, runExample } from '@omqtt/readme-examples';
import { expect, test } from 'vitest';
import type { TcpOptions } from '../src/index.ts';

const folder = join(import.meta.dirname, '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

test('the example in the README prints what it says', async () => {
  const [{ program, promised }] = readExamples(folder);
  expect(await runExample(program, { folder })).toEqual(promised);
});

test('the tables of the README have every option and every code', () => {
  expect(namesIn('Options of `tcp`')).toEqual(Object.keys(tcpOptions).toSorted());
  expect(namesIn('Options of TLS')).toEqual(Object.keys(tlsOptions).toSorted());
  expect(namesIn('Errors')).toEqual(Object.keys(codes).toSorted());
});

/** What the first column of the table under the title has. */
function namesIn(title: string): string[] {
  const section = readme.split(/^## /m).find((each) => each.startsWith(`${title}\n`)) ?? '';
  const cells = Array.from(section.matchAll(/^\| (`.*?) *\|/gm), ([, cell]) => cell ?? '');
  return cells
    .flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name ?? ''))
    .filter((name) => name !== 'code')
    .toSorted();
}

// These do not compile when a name comes or goes.
const tcpOptions: Readonly<Record<keyof TcpOptions, true>> = {
  noDelay: true,
  keepAliveSeconds: true,
  attemptTimeoutMs: true,
  closeTimeoutMs: true,
  lookup: true,
  tls: true,
  proxy: true,
  proxyTls: true,
  proxyFromEnvironment: true,
};

const tlsOptions: Readonly<Record<keyof TlsOptions, true>> = {
  ca: true,
  cert: true,
  key: true,
  passphrase: true,
  serverName: true,
  alpnProtocols: true,
  minimumVersion: true,
  ciphers: true,
  preSharedKey: true,
  pinnedFingerprints: true,
  insecure: true,
};

type CodeOfWebSocket = 'websocket-refused' | 'websocket-protocol' | 'unsupported';

const codes: Readonly<Record<Exclude<TransportErrorCode, CodeOfWebSocket>, true>> = {
  'invalid-target': true,
  'name-not-found': true,
  'connection-refused': true,
  unreachable: true,
  'proxy-failed': true,
  'certificate-not-trusted': true,
  'tls-failed': true,
  'connection-lost': true,
  aborted: true,
};
