import { expect, test } from 'vitest';
import { hostAndPort, webSocketUrl } from '../src/web-socket-url.ts';

const target = { scheme: 'ws', host: 'broker.test', port: 8080, path: '/mqtt' };

test.each([
  { given: target, url: 'ws://broker.test:8080/mqtt' },
  { given: { ...target, path: '' }, url: 'ws://broker.test:8080/' },
  { given: { ...target, path: 'mqtt' }, url: 'ws://broker.test:8080/mqtt' },
  { given: { ...target, path: '?a=1&b=%20' }, url: 'ws://broker.test:8080/?a=1&b=%20' },
  { given: { ...target, path: '//other.test/x' }, url: 'ws://broker.test:8080//other.test/x' },
  { given: { ...target, scheme: 'wss', port: 443 }, url: 'wss://broker.test/mqtt' },
  { given: { ...target, host: '2001:db8::1' }, url: 'ws://[2001:db8::1]:8080/mqtt' },
  { given: { ...target, host: 'fe80::1%eth0' }, url: 'ws://[fe80::1]:8080/mqtt' },
])('$url', ({ given, url }) => {
  expect(webSocketUrl(given).href).toBe(url);
});

test.each([
  { ...target, scheme: 'mqtt' },
  { ...target, host: '' },
  { ...target, host: 'user@other.test' },
  { ...target, host: 'other.test/x' },
  { ...target, host: 'other.test?x' },
  { ...target, host: '[::1]' },
  { ...target, port: 0 },
  { ...target, port: 65_536 },
  { ...target, path: '/a#b' },
])('no WebSocket leads to %j', (given) => {
  expect(() => webSocketUrl(given)).toThrow(
    expect.objectContaining({ code: 'invalid-target', phase: 'options', retryable: false }),
  );
});

test('people see an address without path and query', () => {
  const secretive = { ...target, path: '/?token=secret' };
  expect(hostAndPort(secretive)).toBe('broker.test:8080');
  expect(hostAndPort({ ...target, host: '::1' })).toBe('[::1]:8080');
});
