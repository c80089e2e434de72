import { describe, expect, test } from 'vitest';
import { pem } from './certificates/pem.ts';
import { connected, expectSockets, facts, failure, started } from './dialling.ts';
import { echo, serve, serveTls, type LocalServer } from './local-server.ts';
import { lead, serveHttpProxy } from './tiny-proxies.ts';
import { leftBy } from './traffic.ts';

const established = 'HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n';
const failed = { code: 'proxy-failed', phase: 'proxy' };

/** A proxy that leads everything to one server. */
function proxyTo({ port }: LocalServer, isSecure = false): ReturnType<typeof serveHttpProxy> {
  const leadThere: Parameters<typeof serveHttpProxy>[0] = (_, socket) => {
    socket.write(established);
    lead(socket, port);
  };
  return serveHttpProxy(leadThere, isSecure);
}

describe('a tunnel', () => {
  test('is asked for with the name of the target, which the proxy looks up', async () => {
    const proxy = await proxyTo(await serve(echo));
    const { connection, sink } = await started({ host: 'broker.test', proxy: `http://127.0.0.1:${proxy.port}` });
    expect(proxy.requests).toEqual(['CONNECT broker.test:1883 HTTP/1.1\r\nHost: broker.test:1883\r\n\r\n']);
    expect(connection.info.peer).toBe(`broker.test:1883 through the proxy 127.0.0.1:${proxy.port}`);
    connection.write(Buffer.from('hello'));
    await sink.until(({ text }) => text === 'hello');
  });

  test('to an address of IPv6 has brackets, and no zone', async () => {
    const proxy = await proxyTo(await serve());
    await connected({ host: 'fe80::1%eth0', proxy: `http://127.0.0.1:${proxy.port}` });
    expect(proxy.requests[0]).toContain('CONNECT [fe80::1]:1883 HTTP/1.1\r\nHost: [fe80::1]:1883\r\n');
  });

  test('carries TLS to the target', async () => {
    const proxy = await proxyTo(await serveTls(echo));
    const { connection, sink } = await started(
      { scheme: 'mqtts', host: 'broker.test', port: 8883, tls: { ca: pem('ca') } },
      { proxy: `http://127.0.0.1:${proxy.port}` },
    );
    expect(connection.info.isSecure).toBe(true);
    connection.write(Buffer.from('hello'));
    await sink.until(({ text }) => text === 'hello');
    connection.destroy();
    expect(await sink.ending()).toBeUndefined();
    await expectSockets(0);
  });

  test('carries TLS to the target through a proxy that is reached by TLS itself', async () => {
    const proxy = await proxyTo(await serveTls(echo), true);
    const { connection, sink } = await started(
      { scheme: 'mqtts', host: 'broker.test', port: 8883, tls: { ca: pem('ca') } },
      { proxy: `https://127.0.0.1:${proxy.port}`, proxyTls: { ca: pem('ca') } },
    );
    const sent = new Uint8Array(100_000).fill(7);
    connection.write(sent);
    await sink.until(({ byteCount }) => byteCount === sent.length);
    await connection.close();
    expect(await sink.ending()).toBeUndefined();
    await expectSockets(0);
  });

  test('loses nothing that the target sent together with the answer of the proxy', async () => {
    const proxy = await serveHttpProxy((_, socket) => socket.end(`${established}hello from behind`));
    const { sink } = await started({ proxy: `http://127.0.0.1:${proxy.port}` });
    expect(await sink.ending()).toBeUndefined();
    expect(sink.text).toBe('hello from behind');
  });

  test('opens when the answer comes byte by byte', async () => {
    const proxy = await serveHttpProxy((_, socket) => {
      for (const byte of Buffer.from(`${established}hello`)) socket.write(Uint8Array.of(byte));
    });
    const { sink } = await started({ proxy: `http://127.0.0.1:${proxy.port}` });
    await sink.until(({ byteCount }) => byteCount >= 5);
    expect(sink.text).toBe('hello');
  });

  test('is asked for with user and password, which may have any character', async () => {
    const proxy = await proxyTo(await serve());
    await connected({ proxy: `http://me%40work:p%3Ass%C3%A9@127.0.0.1:${proxy.port}` });
    const token = Buffer.from('me@work:p:ssé').toString('base64');
    expect(proxy.requests[0]).toContain(`\r\nProxy-Authorization: Basic ${token}\r\n`);
  });
});

describe('no tunnel', () => {
  test.each([
    ['a proxy that wants credentials', 'HTTP/1.1 407 Who?\r\n\r\n', false, 'asks for a user and password'],
    ['a proxy that forbids it', 'HTTP/1.1 403 Forbidden\r\n\r\n', false, '403 Forbidden'],
    ['a proxy that cannot reach the target', 'HTTP/1.0 502 Bad Gateway\r\n\r\n', true, '502 Bad Gateway'],
    ['an answer without a reason', 'HTTP/1.1 503\r\n\r\n', true, '503'],
    ['a reason with control characters', 'HTTP/1.1 500 \x1b[2Jno\r\n\r\n', true, '500 ?[2Jno'],
    ['an answer that is not HTTP', 'SSH-2.0-OpenSSH\r\n\r\n', false, 'not HTTP'],
    ['an answer that is too long', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(16_400)}\r\n\r\n`, false, 'not HTTP'],
    ['an answer that never ends', 'HTTP/1.1 200 OK\r\nX: '.padEnd(20_000, 'x'), false, 'not HTTP'],
  ])('%s is proxy-failed', async (...[, answer, retryable, advice]) => {
    const proxy = await serveHttpProxy((_head, socket) => socket.write(answer, 'latin1'));
    const error = await failure({ proxy: `http://127.0.0.1:${proxy.port}` });
    expect(facts(error)).toEqual({ ...failed, retryable });
    expect(error.message).toContain(advice);
    await leftBy(await proxy.accepted());
    await expectSockets(0);
  });

  test('wrong credentials are named, and not told', async () => {
    const proxy = await serveHttpProxy((_head, socket) => socket.write('HTTP/1.1 407 No\r\n\r\n'));
    const error = await failure({ proxy: `http://me:hush-hush@127.0.0.1:${proxy.port}` });
    expect(facts(error)).toEqual({ ...failed, retryable: false });
    expect(error.message).toContain('does not accept the user and password');
    expect(`${error.message} ${error.stack}`).not.toContain('hush-hush');
  });

  test.each(['', 'HTTP/1.1 200 OK\r\nX: y'])(
    'a proxy that closes after "%s" may do better later',
    async (beginning) => {
      const proxy = await serveHttpProxy((_, socket) => socket.end(beginning));
      const error = await failure({ proxy: `http://127.0.0.1:${proxy.port}` });
      expect(facts(error)).toEqual({ ...failed, retryable: true });
      await expectSockets(0);
    },
  );

  test('a proxy that resets may do better later', async () => {
    const proxy = await serveHttpProxy((_, socket) => socket.resetAndDestroy());
    const error = await failure({ proxy: `http://127.0.0.1:${proxy.port}` });
    expect(facts(error)).toEqual({ ...failed, retryable: true });
    expect(error.cause).toMatchObject({ code: 'ECONNRESET' });
  });

  test('a proxy that is not there may come', async () => {
    const error = await failure({ proxy: 'http://127.0.0.1:1' });
    expect(facts(error)).toEqual({ ...failed, retryable: true });
    expect(error.message).toContain('the proxy 127.0.0.1:1');
    expect(error.cause).toMatchObject({ code: 'connection-refused' });
  });

  test('a proxy whose certificate is not trusted stays so', async () => {
    const proxy = await proxyTo(await serve(), true);
    const error = await failure({ tls: undefined as never, proxy: `https://127.0.0.1:${proxy.port}` });
    expect(facts(error)).toEqual({ ...failed, retryable: false });
    expect(error.cause).toMatchObject({ code: 'certificate-not-trusted' });
    await expectSockets(0);
  });

  test('a target whose certificate is not trusted is no failure of the proxy', async () => {
    const proxy = await proxyTo(await serveTls());
    const error = await failure({ scheme: 'mqtts', proxy: `http://127.0.0.1:${proxy.port}` });
    expect(error).toMatchObject({ code: 'certificate-not-trusted', phase: 'tls' });
    await expectSockets(0);
  });

  test('the certificate of the target is not checked against the name of the proxy', async () => {
    const proxy = await proxyTo(await serveTls());
    const tls = { ca: pem('ca') };
    // The certificate is for 127.0.0.1, too, but that is where the proxy is.
    const error = await failure({ scheme: 'mqtts', host: '192.0.2.1', tls, proxy: `http://127.0.0.1:${proxy.port}` });
    expect(error).toMatchObject({ code: 'certificate-not-trusted', phase: 'tls' });
  });

  test('abort ends the wait for the answer [parity E3]', async () => {
    const controller = new AbortController();
    const proxy = await serveHttpProxy(() => controller.abort());
    const error = await failure({ proxy: `http://127.0.0.1:${proxy.port}` }, {}, controller.signal);
    expect(error).toMatchObject({ code: 'aborted', phase: 'proxy' });
    (await proxy.accepted()).destroy();
    await expectSockets(0);
  });

  test('abort ends the way to the proxy', async () => {
    const controller = new AbortController();
    const lookup = (): void => queueMicrotask(() => controller.abort());
    const error = await failure({ proxy: 'http://proxy.test:1' }, { lookup }, controller.signal);
    expect(error).toMatchObject({ code: 'aborted', phase: 'proxy' });
    await expectSockets(0);
  });
});
