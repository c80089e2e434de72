import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import { createServer, type TlsOptions as ServerOptions, type TLSSocket } from 'node:tls';
import type { Target, TlsOptions } from '@omqtt/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { webSocket } from '../../src/node/index.ts';
// One set of certificates for the tests of both transports.
import { der, fingerprint, pem } from '../../../transport-tcp/test/certificates/pem.ts';
import { noAbort } from '../implementations.ts';
import { startRecording } from '../recording-sink.ts';
import { listen, ScriptedPeer } from '../scripted-server.ts';

const dial = webSocket();

interface SecureServer {
  readonly port: number;
  readonly connected: Promise<TLSSocket>;
  readonly firstClosed: Promise<unknown>;
  readonly requests: readonly string[];
  target(tls: TlsOptions, host?: string): Target;
}

/** Takes part in every handshake. */
async function secureServer(options: ServerOptions = {}, certificate = 'server'): Promise<SecureServer> {
  const server = createServer({ cert: pem(certificate), key: pem(`${certificate}-key`), ...options });
  onTestFinished(() => void server.close());
  server.on('tlsClientError', () => {});
  const connected = once(server, 'secureConnection').then(([socket]: TLSSocket[]) => socket as TLSSocket);
  const firstClosed = once(server, 'connection').then(([socket]: TLSSocket[]) => socket && once(socket, 'close'));
  const requests: string[] = [];
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {});
    new ScriptedPeer(socket).accept().then(
      (request) => requests.push(request),
      () => {},
    );
  });
  const port = await listen(server);
  return {
    port,
    connected,
    firstClosed,
    requests,
    target: (tls, host = '127.0.0.1') => ({ scheme: 'wss', host, port, path: '/', tls }),
  };
}

async function succeeds(target: Target): Promise<void> {
  startRecording(await dial(target, noAbort));
}

test('a server with a trusted certificate is connected to, and the facts of TLS are told', async () => {
  const server = await secureServer();
  const connection = await dial(server.target({ ca: pem('ca') }), noAbort);
  startRecording(connection);
  const { tls, ...info } = connection.info;
  expect(info).toEqual({ peer: `127.0.0.1:${server.port}`, isSecure: true, protocol: 'mqtt' });
  expect(tls).toMatchObject({ version: 'TLSv1.3', peerFingerprint: fingerprint('server') });
  expect(tls?.cipher).toMatch(/^TLS_/);
  expect(tls?.peerExpiresAt).toBeGreaterThan(Date.UTC(2026));
});

test('a certificate that nobody knows is not trusted', async () => {
  const server = await secureServer();
  const rejection: unknown = await dial(server.target({}), noAbort).catch((error: unknown) => error);
  expect(rejection).toMatchObject({ code: 'certificate-not-trusted', phase: 'tls', retryable: false });
});

test.each(['expired', 'self-signed'])('an %s certificate is not trusted', async (name) => {
  const server = await secureServer({}, name);
  await expect(dial(server.target({ ca: pem('ca') }), noAbort)).rejects.toMatchObject({
    code: 'certificate-not-trusted',
    phase: 'tls',
    retryable: false,
  });
});

test('a certificate for another name is not trusted', async () => {
  const server = await secureServer();
  await expect(dial(server.target({ ca: pem('ca'), serverName: 'other.test' }), noAbort)).rejects.toMatchObject({
    code: 'certificate-not-trusted',
  });
});

test('serverName is asked for and checked instead of the host', async () => {
  const server = await secureServer();
  await expect(succeeds(server.target({ ca: pem('ca'), serverName: 'broker.test' }))).resolves.toBeUndefined();
  expect((await server.connected).servername).toBe('broker.test');
});

test('an authority in DER is as good as one in PEM', async () => {
  const server = await secureServer();
  await expect(succeeds(server.target({ ca: [der('ca')] }))).resolves.toBeUndefined();
});

test('insecure accepts any certificate', async () => {
  const server = await secureServer({}, 'self-signed');
  await expect(succeeds(server.target({ insecure: true }))).resolves.toBeUndefined();
});

test('a pinned certificate is accepted, with colons or without', async () => {
  const server = await secureServer();
  await expect(
    succeeds(server.target({ ca: pem('ca'), pinnedFingerprints: [fingerprint('client'), fingerprint('server')] })),
  ).resolves.toBeUndefined();
  const bare = fingerprint('server').replaceAll(':', '').toLowerCase();
  await expect(succeeds(server.target({ ca: pem('ca'), pinnedFingerprints: [bare] }))).resolves.toBeUndefined();
});

test('the authority can be pinned too, if it is checked', async () => {
  // The chain has to hold it, as Node does not tell about authorities that the server did not send on resumption.
  const server = await secureServer({ cert: pem('server') + pem('ca') });
  await expect(
    succeeds(server.target({ ca: pem('ca'), pinnedFingerprints: [fingerprint('ca')] })),
  ).resolves.toBeUndefined();
  const pinned = server.target({ insecure: true, pinnedFingerprints: [fingerprint('ca')] });
  await expect(dial(pinned, noAbort)).rejects.toMatchObject({ code: 'certificate-not-trusted' });
});

test('a certificate that is trusted but not pinned ends the connection before the handshake of the WebSocket', async () => {
  const server = await secureServer();
  const target = server.target({ ca: pem('ca'), pinnedFingerprints: [fingerprint('client')] });
  await expect(dial(target, noAbort)).rejects.toMatchObject({
    code: 'certificate-not-trusted',
    phase: 'tls',
    retryable: false,
  });
  await server.firstClosed;
  expect(server.requests).toEqual([]);
});

test('the certificate of the client is shown', async () => {
  const server = await secureServer({ requestCert: true, ca: pem('ca') });
  await expect(
    succeeds(
      server.target({ ca: pem('ca'), cert: pem('client'), key: pem('client-key-encrypted'), passphrase: 'secret' }),
    ),
  ).resolves.toBeUndefined();
  expect((await server.connected).getPeerCertificate().subject.CN).toBe('device-1');
});

test('a server that wants a certificate, and gets none, ends it for good', async () => {
  const server = await secureServer({ requestCert: true, ca: pem('ca') });
  await expect(dial(server.target({ ca: pem('ca') }), noAbort)).rejects.toMatchObject({
    code: 'tls-failed',
    phase: 'tls',
    retryable: false,
  });
});

test('a server that does not speak TLS is told from one that is not trusted', async () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  onTestFinished(() => void server.close());
  const target = { scheme: 'wss', host: '127.0.0.1', port: await listen(server), path: '/' };
  await expect(dial(target, noAbort)).rejects.toMatchObject({ code: 'tls-failed', phase: 'tls' });
});

test('giving up during the TLS handshake leaves nothing open', async () => {
  const server = createTcpServer();
  onTestFinished(() => void server.close());
  const target = { scheme: 'wss', host: '127.0.0.1', port: await listen(server), path: '/' };
  const controller = new AbortController();
  const dialling = dial(target, controller.signal);
  const [socket] = (await once(server, 'connection')) as [TLSSocket];
  await once(socket, 'data'); // the greeting of the client
  controller.abort();
  await expect(dialling).rejects.toMatchObject({ code: 'aborted', phase: 'tls' });
  await once(socket, 'close');
});

test.each<TlsOptions>([{ pinnedFingerprints: ['abc'] }, { cert: 'x' }, { ca: [] }, { ciphers: 'NONSENSE' }])(
  'options that cannot mean anything are refused: %j',
  async (tls) => {
    const target = { scheme: 'wss', host: '127.0.0.1', port: 1, path: '/', tls };
    await expect(dial(target, noAbort)).rejects.toMatchObject({ code: 'invalid-target', phase: 'options' });
  },
);

test('a key that cannot be read is an error before anything is opened', async () => {
  const tls = { cert: pem('client'), key: pem('client-key-encrypted'), passphrase: 'wrong' };
  const target = { scheme: 'wss', host: '127.0.0.1', port: 1, path: '/', tls };
  await expect(dial(target, noAbort)).rejects.toMatchObject({ code: 'tls-failed', phase: 'options', retryable: false });
});
