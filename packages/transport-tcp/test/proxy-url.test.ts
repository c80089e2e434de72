import { describe, expect, test } from 'vitest';
import { parseProxy } from '../src/proxy-url.ts';

describe('parseProxy', () => {
  test.each([
    ['http://proxy.test', { kind: 'http', place: { host: 'proxy.test', port: 80 } }],
    ['http://proxy.test:3128/', { kind: 'http', place: { host: 'proxy.test', port: 3128 } }],
    ['https://[::1]', { kind: 'https', place: { host: '::1', port: 443 } }],
    ['SOCKS5://192.0.2.1', { kind: 'socks5', place: { host: '192.0.2.1', port: 1080 } }],
    ['socks5h://[2001:db8::1]:9', { kind: 'socks5', place: { host: '2001:db8::1', port: 9 } }],
    [
      'http://m%40e:p%3Aw@proxy.test:80',
      { kind: 'http', place: { host: 'proxy.test', port: 80 }, credentials: { user: 'm@e', password: 'p:w' } },
    ],
  ])('reads %s', (text, proxy) => {
    expect(parseProxy(text)).toEqual(proxy);
  });

  test.each([
    'proxy.test:3128',
    'socks4://hush@proxy.test',
    'http://',
    'http://hush@proxy.test:70000',
    'socks5://proxy.test:0',
    'http://me:hush%@proxy.test',
    'http://m%3Ae:hush@proxy.test',
    'socks5://hush@proxy.test',
    `socks5://me:${'hush'.repeat(64)}@proxy.test`,
    'not a URL with hush',
  ])('refuses %s without repeating it', (text) => {
    const refusal = {
      code: 'invalid-target',
      phase: 'options',
      retryable: false,
      message: expect.not.stringContaining('hush') as string,
    };
    expect(() => parseProxy(text)).toThrow(expect.objectContaining(refusal));
  });
});
