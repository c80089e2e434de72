import type { TLSSocket } from 'node:tls';
import type { TlsOptions } from '@omqtt/contracts';
import { describe, expect, test } from 'vitest';
import { der, fingerprint, pem } from './certificates/pem.ts';
import { facts, failure, started } from './dialling.ts';
import { echo, ignore, serve, serveTls } from './local-server.ts';

const ca = pem('ca');

describe('a client certificate', () => {
  const demanding = { requestCert: true, rejectUnauthorized: true, ca };
  const cert = pem('client');

  test.each([
    ['in PEM', { cert, key: pem('client-key') }],
    ['in DER', { cert: der('client'), key: keyDer('client-key') }],
    ['behind a passphrase', { cert, key: pem('client-key-encrypted'), passphrase: 'secret' }],
    ['behind a passphrase in DER', { cert, key: keyDer('client-key-encrypted'), passphrase: 'secret' }],
  ])('%s is shown', async (_, own) => {
    const { port, accepted } = await serveTls(echo, demanding);
    const shown = accepted().then((socket) => (socket as TLSSocket).getPeerX509Certificate()?.fingerprint256);
    const { connection, sink } = await started({ scheme: 'mqtts', port, tls: { ca, ...own } });
    connection.write(Buffer.from('hello'));
    await sink.until(({ text }) => text === 'hello');
    expect(await shown).toBe(fingerprint('client'));
  });

  test('that is missing ends a TLS 1.2 handshake with tls-failed', async () => {
    const { port } = await serveTls(ignore, { ...demanding, maxVersion: 'TLSv1.2' });
    const error = await failure({ scheme: 'mqtts', port, tls: { ca } });
    expect(error).toMatchObject({ code: 'tls-failed', phase: 'tls' });
  });

  test('that is missing ends a TLS 1.3 connection with tls-failed, which no second try helps', async () => {
    const { port } = await serveTls(ignore, demanding);
    const { sink } = await started({ scheme: 'mqtts', port, tls: { ca } });
    const error = await sink.ending();
    expect(error && facts(error)).toEqual({ code: 'tls-failed', phase: 'open', retryable: false });
    expect(error?.message).toContain('tls.cert');
  });
});

const shared = { identity: 'me', key: Uint8Array.of(1, 2, 3, 4) };

describe('TLS options', () => {
  const refused: readonly [string, TlsOptions, string][] = [
    ['an unknown one', { rejectUnauthorized: false } as TlsOptions, 'insecure'],
    ['a certificate without its key', { cert: pem('client') }, 'belong together'],
    ['a key without its certificate', { key: pem('client-key') }, 'belong together'],
    ['no authority at all', { ca: [] }, 'empty'],
    ['an empty authority', { ca: '' }, 'neither PEM nor DER'],
    ['an authority that is none', { ca: 'hello' }, 'neither PEM nor DER'],
    ['a fingerprint of another kind', { pinnedFingerprints: ['AB:CD'] }, 'SHA-256'],
    ['a version that is not safe', { minimumVersion: 'TLSv1.1' as 'TLSv1.2' }, 'minimumVersion'],
    ['an empty name', { serverName: '' }, 'serverName'],
    ['an empty protocol', { alpnProtocols: [''] }, 'alpnProtocols'],
    ['a cipher that nobody knows', { ciphers: 'ROT13' }, 'ROT13'],
    ['a pre-shared key without its identity', { preSharedKey: { identity: '', key: Uint8Array.of(1) } }, 'an identity'],
    ['an empty pre-shared key', { preSharedKey: { identity: 'me', key: new Uint8Array(0) } }, 'a key of bytes'],
    ['a pre-shared key beside an authority', { preSharedKey: shared, ca: pem('ca') }, 'leave out tls.ca'],
    ['a pre-shared key for TLS 1.3', { preSharedKey: shared, minimumVersion: 'TLSv1.3' }, 'works with TLS 1.2'],
  ];

  test.each(refused)('%s is refused before anything is opened', async (_, tls, advice) => {
    const { port } = await serve(() => expect.unreachable());
    const error = await failure({ scheme: 'mqtts', port, tls });
    expect(facts(error)).toEqual({ code: 'invalid-target', phase: 'options', retryable: false });
    expect(error.message).toContain(advice);
  });

  test.each([
    ['the wrong passphrase', { cert: pem('client'), key: pem('client-key-encrypted'), passphrase: 'wrong-one' }],
    [
      'the wrong passphrase for DER',
      { cert: pem('client'), key: keyDer('client-key-encrypted'), passphrase: 'wrong-one' },
    ],
    ['the key of another certificate', { cert: pem('client'), key: pem('server-key') }],
    ['a broken certificate', { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }],
    ['a broken DER certificate', { ca: Uint8Array.of(0x30, 0x82, 1, 2) }],
  ])('%s is tls-failed, and the passphrase is not told', async (_, tls) => {
    const error = await failure({ scheme: 'mqtts', tls });
    expect(facts(error)).toEqual({ code: 'tls-failed', phase: 'options', retryable: false });
    expect(error.message).not.toContain('wrong-one');
  });
});

function keyDer(name: string): Uint8Array {
  return Buffer.from(pem(name).replaceAll(/-----.*-----|\s/g, ''), 'base64');
}
