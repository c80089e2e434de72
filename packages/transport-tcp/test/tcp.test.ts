import type { LookupFunction } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { dialSocket } from '../src/dial-socket.ts';
import { tcp, type TcpOptions } from '../src/index.ts';
import { connected, expectSockets, facts, failure, never, started, target } from './dialling.ts';
import { echo, freshPath, serve } from './local-server.ts';

const invalid = { code: 'invalid-target', phase: 'options', retryable: false };

describe('targets', () => {
  test.each(['mqtt', 'tcp'])('%s is TCP without TLS', async (scheme) => {
    const { port } = await serve(echo);
    const { connection, sink } = await started({ scheme, port });
    expect(connection.info).toEqual({ peer: `127.0.0.1:${port}`, isSecure: false });
    expect(connection.write(Buffer.from('hello'))).toBe(true);
    await sink.until(({ text }) => text === 'hello');
  });

  test('unix is a socket in the file system [parity E47]', async () => {
    const path = freshPath();
    await serve(echo, { path });
    const { connection, sink } = await started({ scheme: 'unix', host: '', port: 0, path });
    expect(connection.info).toEqual({ peer: path, isSecure: false });
    connection.write(Buffer.from('hello'));
    await sink.until(({ text }) => text === 'hello');
  });

  test.each(['::1', '::1%1'])('%s is an address of IPv6', async (host) => {
    const { port } = await serve(echo, { host: '::1' });
    const { connection } = await started({ host, port });
    expect(connection.info.peer).toMatch(new RegExp(`^\\[::1(%\\w+)?\\]:${port}$`));
  });

  test('a name is looked up, and the first address that answers is taken [parity E47]', async () => {
    const { port } = await serve();
    const { info } = await connected(
      { host: 'broker.test', port },
      {
        // Nobody listens at the first one.
        lookup: (_name, _options, callback) =>
          callback(null, [
            { address: '::1', family: 6 },
            { address: '127.0.0.1', family: 4 },
          ]),
      },
    );
    expect(info.peer).toBe(`127.0.0.1:${port}`);
  });

  test.each([
    ['an unknown scheme', { scheme: 'http' }, 'mqtts'],
    ['the scheme of another transport', { scheme: 'wss' }, 'mqtts'],
    ['a name that every object has', { scheme: 'constructor' }, 'mqtts'],
    ['no host', { host: '' }, 'host is missing'],
    ['a host with brackets', { host: '[::1]' }, 'without brackets'],
    ['a host that goes on in the next line', { host: 'a\r\nX: y' }, 'neither a host name'],
    ['a host that is too long', { host: 'a'.repeat(256) }, '255'],
    ['port 0', { port: 0 }, '1 to 65535'],
    ['port 65536', { port: 65_536 }, '1 to 65535'],
    ['half a port', { port: 1883.5 }, '1 to 65535'],
    ['no port at all', { port: Number.NaN }, '1 to 65535'],
    ['unix without a path', { scheme: 'unix', host: '', port: 0 }, 'path of the unix socket is missing'],
    ['unix with a null character', { scheme: 'unix', path: '/tmp/a\0b' }, 'null character'],
    ['unix with a path that no system takes', { scheme: 'unix', path: `/tmp/${'n'.repeat(200)}` }, '107 bytes'],
    ['unix behind a proxy', { scheme: 'unix', path: '/tmp/x', proxy: 'http://127.0.0.1:1' }, 'No proxy'],
    ['TLS options for what is not encrypted', { tls: { insecure: true } }, 'use mqtts'],
  ])('%s is refused', async (_, members, advice) => {
    const error = await failure(members);
    expect(facts(error)).toEqual(invalid);
    expect(error.message).toContain(advice);
  });

  test('a name beyond ASCII is looked up as the name server knows it', async () => {
    const { port } = await serve();
    const names: string[] = [];
    await connected(
      { host: 'bücher.test', port },
      {
        lookup: (name, _options, callback) => {
          names.push(name);
          callback(null, [{ address: '127.0.0.1', family: 4 }]);
        },
      },
    );
    expect(names).toEqual(['xn--bcher-kva.test']);
  });
});

describe('options', () => {
  test.each([
    ['an unknown one', { nodelay: true } as TcpOptions, 'noDelay'],
    ['a time that is none', { keepAliveSeconds: -1 }, 'keepAliveSeconds'],
    ['a time that would be endless', { attemptTimeoutMs: Number.POSITIVE_INFINITY }, 'attemptTimeoutMs'],
    ['a closing time that is none', { closeTimeoutMs: Number.NaN }, 'closeTimeoutMs'],
  ])('%s is refused at once', (_, options, name) => {
    expect(() => tcp(options)).toThrow(
      expect.objectContaining({ ...invalid, message: expect.stringContaining(name) as string }),
    );
  });

  test.each([
    ['no delay and no probes', {}, [[true]], []],
    ['delay and probes', { noDelay: false, keepAliveSeconds: 30 }, [], [[true, 30]]],
  ])('%s [parity E47]', async (...[, options, delays, probes]) => {
    const { port } = await serve();
    // Node tells nobody, so this looks at what it asks the system for.
    const some = await dialSocket({ host: '127.0.0.1', port }, {}, never());
    const handle: unknown = Object.getPrototypeOf(Reflect.get(some, '_handle'));
    some.destroy();
    const asked = handle as Record<'setNoDelay' | 'setKeepAlive', (...values: unknown[]) => number>;
    const [noDelay, keepAlive] = [vi.spyOn(asked, 'setNoDelay'), vi.spyOn(asked, 'setKeepAlive')];
    await connected({ port }, options);
    // Newer versions add what the probes are like.
    const probed = keepAlive.mock.calls.map((values) => values.slice(0, 2));
    expect([noDelay.mock.calls, probed]).toEqual([delays, probes]);
    vi.restoreAllMocks();
  });
});

describe('what the network refuses', () => {
  test('a port that nobody listens on is connection-refused', async () => {
    const error = await failure({ port: 1 });
    expect(facts(error)).toEqual({ code: 'connection-refused', phase: 'connect', retryable: true });
    expect(error.message).toContain('127.0.0.1:1');
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('a name whose addresses all refuse is connection-refused', async () => {
    const addresses = [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    const error = await failure({ host: 'broker.test', port: 1 }, { lookup: (_n, _o, done) => done(null, addresses) });
    expect(facts(error)).toEqual({ code: 'connection-refused', phase: 'connect', retryable: true });
    expect(error.cause).toBeInstanceOf(AggregateError);
  });

  test.each(['ENOTFOUND', 'EAI_AGAIN'])('%s is name-not-found, and may pass [parity B7]', async (code) => {
    const error = await failure(
      { host: 'broker.test' },
      { lookup: (_n, _o, done) => done(Object.assign(new Error('no'), { code, syscall: 'getaddrinfo' }), []) },
    );
    expect(facts(error)).toEqual({ code: 'name-not-found', phase: 'dns', retryable: true });
    expect(error.message).toContain('broker.test');
  });

  test('a unix socket that is not there may come', async () => {
    const error = await failure({ scheme: 'unix', path: freshPath() });
    expect(facts(error)).toEqual({ code: 'unreachable', phase: 'connect', retryable: true });
  });
});

describe('abort', () => {
  test('before anything else nothing is opened', async () => {
    const { port } = await serve(() => expect.unreachable());
    const error = await failure({ port }, {}, AbortSignal.abort('too late'));
    expect(facts(error)).toEqual({ code: 'aborted', phase: 'options', retryable: true });
    expect(error.cause).toBe('too late');
  });

  test('while a name is looked up ends the dial at once [parity E3, B4]', async () => {
    const controller = new AbortController();
    // The name server never answers.
    const lookup = (): void => queueMicrotask(() => controller.abort());
    const error = await failure({ host: 'broker.test' }, { lookup }, controller.signal);
    expect(facts(error)).toEqual({ code: 'aborted', phase: 'dns', retryable: true });
    await expectSockets(0);
  });

  test('while the connection is made ends the dial at once [parity E3, B4]', async () => {
    const { port, accepted } = await serve();
    const controller = new AbortController();
    const lookup: LookupFunction = (_name, _options, callback) => {
      queueMicrotask(() => {
        callback(null, [{ address: '127.0.0.1', family: 4 }]);
        controller.abort();
      });
    };
    const error = await failure({ host: 'broker.test', port }, { lookup }, controller.signal);
    expect(facts(error)).toEqual({ code: 'aborted', phase: 'connect', retryable: true });
    void accepted().then((socket) => socket.destroy());
    await expectSockets(0);
  });

  test('after the dial leaves the connection alone', async () => {
    const { port } = await serve(echo);
    const controller = new AbortController();
    const connection = await tcp()(target({ port }), controller.signal);
    controller.abort();
    const sink = { bytes: () => connection.destroy(), drained: () => {}, closed: () => {} };
    const gone = new Promise<unknown>((resolve) => connection.start({ ...sink, closed: resolve }));
    connection.write(Buffer.from('hello'));
    expect(await gone).toBeUndefined();
  });

  test('a signal that serves many dials keeps nothing of them', async () => {
    const { port } = await serve();
    const signal = never();
    const listeners = new Set<unknown>();
    signal.addEventListener = (_: string, listener: unknown) => void listeners.add(listener);
    signal.removeEventListener = (_: string, listener: unknown) => void listeners.delete(listener);
    const connection = await tcp()(target({ port }), signal);
    connection.destroy();
    expect(listeners.size).toBe(0);
  });
});
