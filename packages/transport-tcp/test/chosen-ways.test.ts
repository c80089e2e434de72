/** From which address, with which ciphers, with which key. */
import { createServer, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pem } from './certificates/pem.ts';
import { connected, facts, failure } from './dialling.ts';
import { serve, serveTls } from './local-server.ts';

const ca = pem('ca');

describe('the local address', () => {
  test('is the one that was asked for', async () => {
    const came: (string | undefined)[] = [];
    const { port } = await serve((socket: Socket) => void came.push(socket.remoteAddress));
    await connected({ port, localAddress: '127.0.0.9' });
    await expect.poll(() => came).toEqual(['127.0.0.9']);
  });

  test('of another machine says so', async () => {
    const { port } = await serve();
    const error = await failure({ port, localAddress: '192.0.2.1' });
    expect(facts(error)).toEqual({ code: 'unreachable', phase: 'connect', retryable: true });
    expect(error.message).toContain('192.0.2.1 is no address of this machine (EADDRNOTAVAIL)');
  });

  test.each([
    ['a name', { localAddress: 'eth0' }, 'localAddress is an address of this machine'],
    [
      'one for a unix socket',
      { scheme: 'unix', path: '/run/x.sock', localAddress: '127.0.0.1' },
      'has no local address',
    ],
  ])('is refused when it is %s', async (_, target, told) => {
    const error = await failure(target);
    expect(facts(error)).toEqual({ code: 'invalid-target', phase: 'options', retryable: false });
    expect(error.message).toContain(told);
  });
});

describe('ciphers', () => {
  test('are those that were asked for', async () => {
    const { port } = await serveTls();
    const ciphers = 'TLS_CHACHA20_POLY1305_SHA256';
    const { info } = await connected({ scheme: 'mqtts', port, tls: { ca, ciphers } });
    expect(info.tls?.cipher).toBe(ciphers);
    // The next one does not get the settings of this one.
    const { info: usual } = await connected({ scheme: 'mqtts', port, tls: { ca } });
    expect(usual.tls?.cipher).not.toBe(ciphers);
  });
});

describe('a pre-shared key', () => {
  const key = Buffer.from('0123456789abcdef', 'hex');

  /** Knows one client by name, and shows no certificate. */
  async function servePsk(): Promise<number> {
    const server = createServer({
      ciphers: 'PSK',
      maxVersion: 'TLSv1.2',
      pskCallback: (_socket: TLSSocket, identity: string) => (identity === 'device-7' ? key : null),
    });
    server.on('tlsClientError', ignore).on('secureConnection', (socket) => socket.on('error', ignore));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    return (server.address() as AddressInfo).port;
  }

  test('proves both sides without a certificate', async () => {
    const port = await servePsk();
    const { info } = await connected({ scheme: 'mqtts', port, tls: { preSharedKey: { identity: 'device-7', key } } });
    expect(info.tls).toEqual({ version: 'TLSv1.2', cipher: expect.stringContaining('PSK') as string });
  });

  test.each([
    ['another key', { identity: 'device-7', key: Uint8Array.of(1, 2, 3) }],
    ['another name', { identity: 'device-8', key }],
  ])('is of no use with %s', async (_, preSharedKey) => {
    const error = await failure({ scheme: 'mqtts', port: await servePsk(), tls: { preSharedKey } });
    expect(facts(error)).toMatchObject({ code: 'tls-failed', phase: 'tls' });
  });
});

function ignore(): void {
  // A client that may not come in.
}
