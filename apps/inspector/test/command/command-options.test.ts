import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../src/command/command-options.ts';
import { resolveOptions } from '../../src/inspector-options.ts';

const route = ['--listen', 'mqtt://127.0.0.1:0', '--upstream', 'mqtts://broker.example'];

test('listeners and upstreams go together in their order, with the usual ports', () => {
  const args = [...route, '--listen', 'ws://[::1]:0/x', '--upstream', 'unix:///run/broker.sock'];
  expect(resolveOptions(parseCommandLine(args).inspector).routes).toMatchObject([
    { listen: { type: 'tcp', port: 0 }, upstream: { type: 'tls', host: 'broker.example', port: 8883 } },
    { listen: { type: 'ws', host: '::1', path: '/x' }, upstream: { type: 'unix', path: '/run/broker.sock' } },
  ]);
});

test.each([
  [['--print'], { print: 'line' }],
  [['--print=tree'], { print: 'tree' }],
  [['--ui', 'off'], { ui: false }],
  [['--ui', '8080'], { ui: { port: 8080 } }],
  [['--ui', '[::1]:8080'], { ui: { host: '::1', port: 8080 } }],
  [['--limit', '64MB'], { maximumStoredBytes: 64_000_000 }],
  [['--limit', '64MiB'], { maximumStoredBytes: 67_108_864 }],
  [['--save', 'x.omq', '--reveal'], { saveFile: 'x.omq', isRevealed: true }],
  [['--insecure', '--upstream-name', 'broker'], { upstreamTls: { isInsecure: true, servername: 'broker' } }],
])('%j is %j', (args, options) => {
  expect(parseCommandLine([...route, ...args]).inspector).toMatchObject(options);
});

test.each([
  ['500ms', 500],
  ['1.5s', 1500],
  ['2m', 120_000],
])('--exit-after %s is %d ms', (text, milliseconds) => {
  expect(parseCommandLine([...route, '--exit-after', text]).exitAfterMs).toBe(milliseconds);
});

describe('what cannot be meant is refused', () => {
  test.each([
    { args: [], says: 'Say where clients connect' },
    { args: ['--listen', 'mqtt://127.0.0.1:0'], says: 'There are 1 --listen and 0 --upstream' },
    { args: ['--listen', 'http://x', '--upstream', 'mqtt://x'], says: 'is no address' },
    { args: ['--listen', 'mqtts://127.0.0.1:0', '--upstream', 'mqtt://x'], says: 'TLS needs' },
    { args: ['--listen', 'mqtt://u:p@x', '--upstream', 'mqtt://x'], says: 'Credentials belong to the client' },
    { args: [...route, '--filter', '('], says: 'is no filter' },
    { args: [...route, '--assert', 'never('], says: 'write never(EXPR)' },
    { args: [...route, '--print=xml'], says: 'line, tree or json' },
    { args: [...route, '--ui', 'here'], says: 'HOST:PORT' },
    { args: [...route, '--ui', '192.0.2.1:80'], says: 'no loopback address' },
    { args: [...route, '--limit', 'much'], says: '64MB' },
    { args: [...route, '--limit', '1kB'], says: 'from 1048576 on' },
    { args: [...route, '--exit-after', 'soon'], says: '10s' },
    { args: [...route, '--upstream-ca', '/nowhere/ca.pem'], says: 'ENOENT' },
    { args: [...route, '--ui', '127.0.0.1:99999'], says: 'at most 65535' },
    { args: [...route, '--tls-cert', '/etc/hosts'], says: '--tls-cert: It goes together with --tls-key' },
    { args: [...route, '--upstream-key', '/etc/hosts'], says: '--upstream-key: It goes together with --upstream-cert' },
    { args: [...route, '--tls-cert', '/etc/hosts', '--tls-key', '/etc/hosts'], says: 'in PEM' },
    { args: ['stray'], says: 'stray' },
  ])('$args: $says', ({ args, says }) => {
    expect(() => resolveOptions(parseCommandLine(args).inspector)).toThrow(says);
  });
});
