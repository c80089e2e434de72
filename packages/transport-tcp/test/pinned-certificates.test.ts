import { describe, expect, test } from 'vitest';
import { fingerprint, pem } from './certificates/pem.ts';
import { connected, expectSockets, facts, failure } from './dialling.ts';
import { ignore, serveTls } from './local-server.ts';

const ca = pem('ca');
const notTrusted = { code: 'certificate-not-trusted', phase: 'tls', retryable: false };

describe('pinning', () => {
  const pin = fingerprint('server');

  test.each([
    ['the certificate of the server', { ca, pinnedFingerprints: [pin] }],
    ['the same in small letters without colons', { ca, pinnedFingerprints: [pin.replaceAll(':', '').toLowerCase()] }],
    ['one of several', { ca, pinnedFingerprints: [fingerprint('client'), pin] }],
    ['the authority that signed it', { ca, pinnedFingerprints: [fingerprint('ca')] }],
    ['the certificate of a server that is not checked otherwise', { insecure: true, pinnedFingerprints: [pin] }],
  ])('%s is enough', async (_, tls) => {
    const { port } = await serveTls(ignore, { cert: pem('server') + ca });
    expect((await connected({ scheme: 'mqtts', port, tls })).info.isSecure).toBe(true);
  });

  test('the authority is not enough when nothing checks what it signed', async () => {
    const { port } = await serveTls(ignore, { cert: pem('server') + ca });
    const error = await failure({
      scheme: 'mqtts',
      port,
      tls: { insecure: true, pinnedFingerprints: [fingerprint('ca')] },
    });
    expect(facts(error)).toEqual(notTrusted);
  });

  test('another certificate is refused, and the error shows it', async () => {
    const { port } = await serveTls();
    const error = await failure({ scheme: 'mqtts', port, tls: { ca, pinnedFingerprints: [fingerprint('client')] } });
    expect(facts(error)).toEqual(notTrusted);
    expect(error.message).toContain(pin);
    await expectSockets(0);
  });

  test.each(['self-signed', 'impostor'])(
    'a certificate that is shown but signed nothing (%s) is not enough',
    async (name) => {
      const { port } = await serveTls(ignore, { cert: pem('unlinked') + pem(name) });
      const error = await failure({ scheme: 'mqtts', port, tls: { ca, pinnedFingerprints: [fingerprint(name)] } });
      expect(facts(error)).toEqual(notTrusted);
    },
  );
});
