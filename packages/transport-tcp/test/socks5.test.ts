import { describe, expect, test } from 'vitest';
import { pem } from './certificates/pem.ts';
import { connected, expectSockets, facts, failure, started } from './dialling.ts';
import { echo, serve, serveTls } from './local-server.ts';
import { accepted, serveSocks } from './tiny-proxies.ts';
import { leftBy } from './traffic.ts';

const failed = { code: 'proxy-failed', phase: 'proxy' };
const hex = (...bytes: number[]): string => Buffer.from(bytes).toString('hex');

describe('a tunnel', () => {
  test('is asked for by name, which the proxy looks up', async () => {
    const { port } = await serve(echo);
    const proxy = await serveSocks({ leadsTo: port });
    const { connection, sink } = await started({ host: 'broker.test', proxy: `socks5://127.0.0.1:${proxy.port}` });
    expect(proxy.requests).toEqual([
      // version, 1 method: none
      hex(5, 1, 0),
      // version, connect, reserved, name of 11 bytes, port 1883
      hex(5, 1, 0, 3, 11, ...Buffer.from('broker.test'), 0x07, 0x5b),
    ]);
    expect(connection.info.peer).toBe(`broker.test:1883 through the proxy 127.0.0.1:${proxy.port}`);
    connection.write(Buffer.from('hello'));
    await sink.until(({ text }) => text === 'hello');
  });

  test.each([
    ['192.0.2.1', [1, 192, 0, 2, 1]],
    ['2001:db8::1%1', [4, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ])('to %s is asked for by address', async (host, address) => {
    const proxy = await serveSocks({});
    await connected({ host, proxy: `socks5h://127.0.0.1:${proxy.port}` });
    expect(proxy.requests[1]).toBe(hex(5, 1, 0, ...address, 0x07, 0x5b));
  });

  test('is opened with user and password when the proxy wants them', async () => {
    const proxy = await serveSocks({ method: 2 });
    await connected({ host: '192.0.2.1', proxy: `socks5://me:p%40ss@127.0.0.1:${proxy.port}` });
    expect(proxy.requests.slice(0, 2)).toEqual([
      // version, 2 methods: none, user and password
      hex(5, 2, 0, 2),
      hex(1, 2, ...Buffer.from('me'), 4, ...Buffer.from('p@ss')),
    ]);
  });

  test('is opened without them when the proxy does not', async () => {
    const proxy = await serveSocks({ method: 0 });
    await connected({ host: '192.0.2.1', proxy: `socks5://me:pass@127.0.0.1:${proxy.port}` });
    expect(proxy.requests).toHaveLength(2);
  });

  test.each([
    ['an address of IPv4', accepted],
    ['an address of IPv6', [5, 0, 0, 4, ...Array<number>(16).fill(0), 0, 80]],
    ['a name', [5, 0, 0, 3, 4, ...Buffer.from('here'), 0, 80]],
    ['a name without letters', [5, 0, 0, 3, 0, 0, 80]],
  ])('has nothing in it of a reply with %s, and all that follows', async (_, reply) => {
    const proxy = await serveSocks({ reply: [...reply, ...Buffer.from('hello from behind')] });
    const { sink } = await started({ proxy: `socks5://127.0.0.1:${proxy.port}` });
    await sink.until(({ byteCount }) => byteCount >= 17);
    expect(sink.text).toBe('hello from behind');
  });

  test('carries TLS to the target', async () => {
    const { port } = await serveTls(echo);
    const proxy = await serveSocks({ leadsTo: port });
    const { connection, sink } = await started(
      { scheme: 'mqtts', host: 'broker.test', tls: { ca: pem('ca') } },
      { proxy: `socks5://127.0.0.1:${proxy.port}` },
    );
    connection.write(Buffer.from('hello'));
    await sink.until(({ text }) => text === 'hello');
    connection.destroy();
    expect(await sink.ending()).toBeUndefined();
    await expectSockets(0);
  });
});

describe('no tunnel', () => {
  test.each([
    ['a failure of the proxy', { reply: [5, 1, 0, 1, 0, 0, 0, 0, 0, 0] }, true, 'reply 1'],
    ['a rule', { reply: [5, 2, 0, 1, 0, 0, 0, 0, 0, 0] }, false, 'does not allow'],
    ['a network that cannot be reached', { reply: [5, 3, 0, 1] }, true, 'no route'],
    ['a host that cannot be reached', { reply: [5, 4, 0, 1] }, true, 'cannot reach'],
    ['a target that refuses', { reply: [5, 5, 0, 1] }, true, 'refused'],
    ['an unknown reply', { reply: [5, 99, 0, 1] }, false, 'reply 99'],
    ['a reply of another version', { reply: [4, 0, 0, 1] }, false, 'not SOCKS5'],
    ['a reply with an unknown kind of address', { reply: [5, 0, 0, 9] }, false, 'not SOCKS5'],
    ['no method that both know', { method: 255 }, false, 'asks for authentication'],
    ['a method that was not offered', { method: 2 }, false, 'asks for authentication'],
  ])('%s is proxy-failed', async (...[, behaviour, retryable, advice]) => {
    const proxy = await serveSocks(behaviour);
    const error = await failure({ host: 'broker.test', proxy: `socks5://127.0.0.1:${proxy.port}` });
    expect(facts(error)).toEqual({ ...failed, retryable });
    expect(error.message).toContain(advice);
    await leftBy(await proxy.accepted());
    await expectSockets(0);
  });

  test.each([
    ['wrong ones', { method: 2, status: 1 }, 'are wrong'],
    ['a method beside them', { method: 255 }, 'another authentication'],
  ])('credentials: %s are named, and the password is not told', async (_, behaviour, advice) => {
    const proxy = await serveSocks(behaviour);
    const error = await failure({ proxy: `socks5://me:hush-hush@127.0.0.1:${proxy.port}` });
    expect(facts(error)).toEqual({ ...failed, retryable: false });
    expect(error.message).toContain(advice);
    expect(`${error.message} ${error.stack}`).not.toContain('hush-hush');
  });

  test('a proxy of HTTP is not one of SOCKS5', async () => {
    const { port } = await serve((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const error = await failure({ proxy: `socks5://127.0.0.1:${port}` });
    expect(facts(error)).toEqual({ ...failed, retryable: false });
    expect(error.message).toContain('not SOCKS5');
  });

  test('a proxy that closes may do better later', async () => {
    const { port, accepted: peer } = await serve((socket) => socket.end(Uint8Array.of(5)));
    const error = await failure({ proxy: `socks5://127.0.0.1:${port}` });
    expect(facts(error)).toEqual({ ...failed, retryable: true });
    (await peer()).destroy();
    await expectSockets(0);
  });

  test('abort ends the wait for a reply', async () => {
    const controller = new AbortController();
    const { port, accepted: peer } = await serve((socket) => socket.once('data', () => controller.abort()));
    const error = await failure({ proxy: `socks5://127.0.0.1:${port}` }, {}, controller.signal);
    expect(error).toMatchObject({ code: 'aborted', phase: 'proxy' });
    (await peer()).destroy();
    await expectSockets(0);
  });
});
