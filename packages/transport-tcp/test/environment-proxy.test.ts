import { describe, expect, test, vi } from 'vitest';
import { environmentProxy } from '../src/environment-proxy.ts';
import { connected, failure } from './dialling.ts';
import { serve } from './local-server.ts';
import { serveHttpProxy } from './tiny-proxies.ts';

const target = { host: 'broker.example.com', port: 1883 };

describe('the proxy of the environment', () => {
  test.each([
    ['none', {}, undefined],
    ['HTTPS_PROXY', { HTTPS_PROXY: 'http://a.test:1' }, 'a.test'],
    ['HTTPS_PROXY before ALL_PROXY', { ALL_PROXY: 'socks5://b.test', HTTPS_PROXY: 'http://a.test' }, 'a.test'],
    ['ALL_PROXY', { ALL_PROXY: 'socks5://b.test' }, 'b.test'],
    ['lower case before upper case', { HTTPS_PROXY: 'http://a.test', https_proxy: 'http://c.test' }, 'c.test'],
    ['a name without a scheme', { HTTPS_PROXY: 'a.test:3128' }, 'a.test'],
    ['an empty one, which is none', { HTTPS_PROXY: '', ALL_PROXY: ' ' }, undefined],
    ['not HTTP_PROXY, which is for pages', { HTTP_PROXY: 'http://a.test' }, undefined],
  ])('is %s', (_, environment, host) => {
    expect(environmentProxy(target, environment)?.place.host).toBe(host);
  });

  test.each([
    ['*', target.host, true],
    ['example.com', target.host, true],
    ['.example.com', target.host, true],
    ['*.example.com', target.host, true],
    ['other.test, EXAMPLE.com', target.host, true],
    ['example.com:1883', target.host, true],
    ['example.com:8883', target.host, false],
    ['ample.com', target.host, false],
    ['.', target.host, false],
    ['', target.host, false],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1:1883', '192.0.2.1', true],
    ['192.0.2.0/24', '192.0.2.1', true],
    ['192.0.2.0/33', '192.0.2.1', false],
    ['198.51.100.0/24', '192.0.2.1', false],
    ['192.0.2.0/24', target.host, false],
    ['2001:db8::1', '2001:db8:0::1', true],
    ['[2001:db8::1]:1883', '2001:db8::1', true],
    ['2001:db8::/32', '2001:db8::1', true],
    ['fe80::/10', 'fe80::1%eth0', true],
  ])('NO_PROXY=%s for %s', (list, host, isExcepted) => {
    const proxy = environmentProxy({ ...target, host }, { HTTPS_PROXY: 'http://a.test', NO_PROXY: list });
    expect(proxy === undefined).toBe(isExcepted);
  });

  test.each(['localhost', 'a.localhost', '127.0.0.1', '127.1.2.3', '::1'])('is never asked for %s', (host) => {
    expect(environmentProxy({ ...target, host }, { ALL_PROXY: 'http://a.test' })).toBeUndefined();
  });
});

describe('a dial', () => {
  test('takes the proxy of the environment when told to, and only then', async () => {
    const proxy = await serveHttpProxy((_, socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv('https_proxy', undefined);
    vi.stubEnv('NO_PROXY', undefined);
    vi.stubEnv('no_proxy', undefined);
    try {
      const { info } = await connected({ host: 'broker.test' }, { proxyFromEnvironment: true });
      expect(info.peer).toContain('through the proxy');
      expect(await failure({ host: 'broker.test' }, { lookup: knowNothing })).toMatchObject({ code: 'name-not-found' });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('prefers the proxy of the target to that of the options', async () => {
    const proxy = await serveHttpProxy((_, socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    const other = await serve(() => expect.unreachable());
    const wrong = `http://127.0.0.1:${other.port}`;
    await connected({ host: 'broker.test', proxy: `http://127.0.0.1:${proxy.port}` }, { proxy: wrong });
    expect(proxy.requests).toHaveLength(1);
  });
});

function knowNothing(_name: string, _options: unknown, callback: (error: Error, address: string) => void): void {
  callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), '');
}
