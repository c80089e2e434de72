import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { der, fingerprint, pem } from './certificates/pem.ts';
import { connected, expectSockets, facts, failure, started } from './dialling.ts';
import { echo, freshPath, ignore, serve, serveTls } from './local-server.ts';

const ca = pem('ca');
const notTrusted = { code: 'certificate-not-trusted', phase: 'tls', retryable: false };

describe('a secure connection', () => {
  test.each(['mqtts', 'tls', 'ssl'])('is what %s asks for', async (scheme) => {
    const { port } = await serveTls(echo);
    const { connection, sink } = await started({ scheme, port, tls: { ca } });
    expect(connection.info).toEqual({
      peer: `127.0.0.1:${port}`,
      isSecure: true,
      tls: {
        version: 'TLSv1.3',
        cipher: expect.stringContaining('TLS_') as string,
        peerFingerprint: fingerprint('server'),
        peerExpiresAt: Date.UTC(2099, 11, 31, 23, 59, 59),
      },
    });
    connection.write(Buffer.from('hello'));
    await sink.until(({ text }) => text === 'hello');
  });

  test('several packets in one record all arrive [parity E46, B22]', async () => {
    const packets = Buffer.from(Array.from({ length: 500 }, () => [0xd0, 0x00]).flat());
    const { port } = await serveTls((socket) => socket.write(packets));
    const { sink } = await started({ scheme: 'mqtts', port, tls: { ca } });
    await sink.until(({ byteCount }) => byteCount === packets.length);
    expect(Buffer.concat(sink.chunks).equals(packets)).toBe(true);
  });

  test('carries more than one record holds, both ways', async () => {
    const { port } = await serveTls(echo);
    const { connection, sink } = await started({ scheme: 'mqtts', port, tls: { ca } });
    const sent = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
    connection.write(sent);
    await sink.until(({ byteCount }) => byteCount === sent.length);
    expect(Buffer.concat(sink.chunks).equals(sent)).toBe(true);
  });

  test('goes over a unix socket when TLS options are given', async () => {
    const path = freshPath();
    await serve(secure, { path });
    const { info } = await connected({ scheme: 'unix', path, tls: { ca } });
    expect(info).toMatchObject({ peer: path, isSecure: true });
  });

  test('takes what targets leave out from the options of the transport', async () => {
    const { port } = await serveTls();
    const { info } = await connected({ scheme: 'mqtts', port, tls: { alpnProtocols: ['mqtt'] } }, { tls: { ca } });
    expect(info.isSecure).toBe(true);
    const plain = await serve();
    expect((await connected({ port: plain.port }, { tls: { ca } })).info.isSecure).toBe(false);
  });

  test('leaves no socket behind', async () => {
    const { port, accepted } = await serveTls();
    const { connection, sink } = await started({ scheme: 'mqtts', port, tls: { ca } });
    (await accepted()).once('end', () => undefined).resume();
    await connection.close();
    expect(await sink.ending()).toBeUndefined();
    await expectSockets(0);
  });
});

describe('the name of the server', () => {
  test('is asked for, and checked [parity Z7, E46]', async () => {
    const asked: unknown[] = [];
    const { port, accepted } = await serveTls((socket) => asked.push((socket as NamedSocket).servername));
    const lookup = { lookup: resolveToLoopback };
    await connected({ scheme: 'mqtts', host: 'broker.test', port, tls: { ca } }, lookup);
    await connected({ scheme: 'mqtts', host: 'other.test', port, tls: { ca, serverName: 'localhost' } }, lookup);
    await connected({ scheme: 'mqtts', port, tls: { ca } });
    await accepted(2);
    expect(asked).toEqual(['broker.test', 'localhost', false]);
  });

  test('an address with a zone is checked without it', async () => {
    const { port } = await serve(secure, { host: '::1' });
    const { info } = await connected({ scheme: 'mqtts', host: '::1%1', port, tls: { ca } });
    expect(info.isSecure).toBe(true);
  });

  test('that the certificate does not have is refused, and the error lists those that it has', async () => {
    const { port } = await serveTls();
    const to = { scheme: 'mqtts', host: 'other.test', port, tls: { ca } };
    const error = await failure(to, { lookup: resolveToLoopback });
    expect(facts(error)).toEqual(notTrusted);
    expect(error.message).toMatch(/another name.*tls\.serverName.*broker\.test/);
    await expectSockets(0);
  });
});

describe('a certificate', () => {
  test.each([
    ['of an unknown authority', 'server', {}, 'authority'],
    ['signed by itself', 'self-signed', { ca }, 'signed by nobody but itself'],
    ['that has expired', 'expired', { ca }, 'expired'],
  ] as const)('%s is refused', async (...[, name, tls, advice]) => {
    const { port } = await serveTls(ignore, { cert: pem(name), key: pem(`${name}-key`) });
    const error = await failure({ scheme: 'mqtts', port, tls });
    expect(facts(error)).toEqual(notTrusted);
    expect(error.message).toContain(advice);
    await expectSockets(0);
  });

  test('signed by itself is accepted as its own authority, in PEM or DER', async () => {
    const { port } = await serveTls(ignore, { cert: pem('self-signed'), key: pem('self-signed-key') });
    for (const own of [
      pem('self-signed'),
      der('self-signed'),
      [ca, der('self-signed')],
      Buffer.from(pem('self-signed')),
    ]) {
      expect((await connected({ scheme: 'mqtts', port, tls: { ca: own } })).info.isSecure).toBe(true);
    }
  });

  test('of whatever kind is accepted when insecure', async () => {
    const { port } = await serveTls(ignore, { cert: pem('expired'), key: pem('expired-key') });
    const { info } = await connected({ scheme: 'mqtts', port, tls: { insecure: true } });
    expect(info.tls?.peerFingerprint).toBe(fingerprint('expired'));
  });
});

describe('the handshake', () => {
  test('ALPN is offered when asked for only', async () => {
    const { port } = await serveTls(ignore, { ALPNProtocols: ['mqtt'] });
    const asked = await connected({ scheme: 'mqtts', port, tls: { ca, alpnProtocols: ['x', 'mqtt'] } });
    const silent = await connected({ scheme: 'mqtts', port, tls: { ca } });
    expect([asked.info.protocol, silent.info.protocol]).toEqual(['mqtt', undefined]);
  });

  test('a server without TLS is tls-failed, which no second try helps', async () => {
    const { port, accepted } = await serve((socket) => socket.write('220 this is not TLS at all\r\n'));
    const error = await failure({ scheme: 'mqtts', port, tls: { ca } });
    expect(facts(error)).toEqual({ code: 'tls-failed', phase: 'tls', retryable: false });
    expect(error.message).toContain('port');
    (await accepted()).destroy();
    await expectSockets(0);
  });

  test('a server that ends in the middle is tls-failed, which may pass', async () => {
    const { port } = await serve((socket) => socket.end());
    const error = await failure({ scheme: 'mqtts', port, tls: { ca } });
    expect(facts(error)).toEqual({ code: 'tls-failed', phase: 'tls', retryable: true });
  });

  test('TLS 1.1 is refused, and so is 1.2 when 1.3 is the least [parity E46]', async () => {
    const old = await serveTls(ignore, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    const usual = await serveTls(ignore, { maxVersion: 'TLSv1.2' });
    const wish = { ca, minimumVersion: 'TLSv1.3' } as const;
    expect(await failure({ scheme: 'mqtts', port: old.port, tls: { ca } })).toMatchObject({ code: 'tls-failed' });
    expect(await failure({ scheme: 'mqtts', port: usual.port, tls: wish })).toMatchObject({ code: 'tls-failed' });
    const { info } = await connected({ scheme: 'mqtts', port: usual.port, tls: { ca } });
    expect(info.tls?.version).toBe('TLSv1.2');
  });

  test('abort ends it at once [parity E3]', async () => {
    const controller = new AbortController();
    // Takes the greeting of the client, and says nothing.
    const { port, accepted } = await serve((socket) => socket.once('data', () => controller.abort()));
    const error = await failure({ scheme: 'mqtts', port, tls: { ca } }, {}, controller.signal);
    expect(facts(error)).toEqual({ code: 'aborted', phase: 'tls', retryable: true });
    (await accepted()).destroy();
    await expectSockets(0);
  });
});

/** The server's side of TLS on any socket. */
function secure(socket: Socket): void {
  new TLSSocket(socket, { isServer: true, cert: pem('server'), key: pem('server-key') }).on('error', ignore);
}

function resolveToLoopback(_name: string, _options: unknown, callback: LookupAnswer): void {
  queueMicrotask(() => callback(null, [{ address: '127.0.0.1', family: 4 }]));
}

/** What the types of Node leave out. */
type NamedSocket = TLSSocket & { readonly servername: unknown };

type LookupAnswer = (error: null, addresses: { address: string; family: number }[]) => void;
