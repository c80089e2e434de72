import { describe, expect, test } from 'vitest';
import { type ClientOptions, parseUrl, scramSha256 } from '../../src/index.ts';
import { resolveOptions } from '../../src/client/resolve-options.ts';
import { systemClock } from '../../src/client/system-clock.ts';
import { recordingLogger } from './recording-logger.ts';

describe('options', () => {
  test('have defaults', () => {
    const { given, clock, random, ...resolved } = resolveOptions({});
    expect(resolved).toEqual({
      version: '5.0',
      mayFallBack: false,
      isV5: true,
      clientId: '',
      cleanStart: true,
      keepAliveSeconds: 60,
      connectTimeoutMs: 30_000,
      expirySeconds: 0,
      will: undefined,
      reconnect: {
        initialMs: 500,
        maxMs: 30_000,
        factor: 2,
        jitter: 'full',
        maxAttempts: Infinity,
        initial: false,
        stableMs: 5000,
      },
      maximumPacketBytes: 268_435_460,
      filterPrefixes: ['$queue/', '$exclusive/'],
      maxRequests: 1000,
      session: {
        receiveMaximum: 1000,
        sendMaximum: undefined,
        topicAliasMaximum: 0,
        outboundAliases: 1024,
        pingTimeoutMs: 10_000,
        queue: { maxMessages: 100_000, maxBytes: 67_108_864, whenFull: 'wait', qos0: 'drop' },
        whenLost: { qos1: 'republish', qos2: 'fail' },
        adopt: false,
        persists: false,
      },
    });
    expect([given, clock, random]).toEqual([{}, systemClock, Math.random]);
  });

  test('that the type has are all known, and reach their place [parity O3]', () => {
    // The type demands every name, so that none can be forgotten here.
    const all: Required<ClientOptions> = {
      version: '5.0',
      clientId: 'me',
      cleanStart: true,
      keepAliveSeconds: 1,
      pingTimeoutMs: 2,
      connectTimeoutMs: 3,
      session: { expirySeconds: 4, adopt: true },
      will: { topic: 'a', payload: '' },
      credentials: { username: 'u' },
      auth: scramSha256({ username: 'u', password: 'p' }),
      reconnect: { initialMs: 5 },
      followRedirects: true,
      receiveMaximum: 6,
      sendMaximum: 7,
      maximumPacketBytes: 8,
      topicAliasMaximum: 9,
      properties: { userProperties: [] },
      offline: { maxMessages: 10 },
      publish: { properties: { contentType: 'a' } },
      filterPrefixes: ['$q/'],
      maxRequests: 11,
      tls: {},
      proxy: 'http://proxy.test',
      localAddress: '127.0.0.1',
      headers: {},
      signal: new AbortController().signal,
      logger: recordingLogger().logger,
      onPacket: () => undefined,
      onMessageLost: () => undefined,
      unref: false,
      clock: systemClock,
      random: Math.random,
    };
    expect(resolveOptions(all)).toMatchObject({
      keepAliveSeconds: 1,
      filterPrefixes: ['$q/'],
      maxRequests: 11,
      session: { pingTimeoutMs: 2, receiveMaximum: 6, sendMaximum: 7, topicAliasMaximum: 9, adopt: true },
    });
  });

  test('keep a session that is to outlive its connection', () => {
    expect(resolveOptions({ session: { expirySeconds: 1 } }).cleanStart).toBe(false);
    expect(resolveOptions({ session: { expirySeconds: 1 }, cleanStart: true }).cleanStart).toBe(true);
  });

  test('are the client’s own: later changes are not seen', () => {
    const options = { keepAliveSeconds: 5, clientId: 'a' };
    const resolved = resolveOptions(options);
    options.clientId = 'b';
    expect(resolved.given.clientId).toBe('a');
  });

  test.each([
    [{ clientID: 'x' }, 'clientID'],
    [{ keepalive: 60 }, 'keepalive'],
    [{ session: { expiry: 1 } }, 'session.expiry'],
    [{ session: { whenLost: { qos0: 'fail' } } }, 'session.whenLost.qos0'],
    [{ offline: { max: 1 } }, 'offline.max'],
    [{ reconnect: { delay: 1 } }, 'reconnect.delay'],
    [{ will: { topic: 'a', payload: '', delay: 1 } }, 'will.delay'],
    [{ credentials: { user: 'u' } }, 'credentials.user'],
    [{ publish: { qos: 1 } }, 'publish.qos'],
  ])('that do not exist are refused by name: %j', (options, name) => {
    expect(() => resolveOptions(options as ClientOptions)).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        option: name,
        message: expect.stringContaining('there are') as string,
      }),
    );
  });

  test.each([
    [{ version: '4' }, 'version'],
    [{ keepAliveSeconds: -1 }, 'keepAliveSeconds'],
    [{ keepAliveSeconds: 65_536 }, 'keepAliveSeconds'],
    [{ keepAliveSeconds: 1.5 }, 'keepAliveSeconds'],
    [{ session: { expirySeconds: 2 ** 32 } }, 'session.expirySeconds'],
    [{ session: { whenLost: { qos1: 'drop' } } }, 'session.whenLost.qos1'],
    [{ receiveMaximum: 0 }, 'receiveMaximum'],
    [{ receiveMaximum: 65_536 }, 'receiveMaximum'],
    [{ sendMaximum: 0 }, 'sendMaximum'],
    [{ topicAliasMaximum: -1 }, 'topicAliasMaximum'],
    [{ filterPrefixes: ['$queue'] }, 'filterPrefixes'],
    [{ filterPrefixes: '$queue/' }, 'filterPrefixes'],
    [{ maxRequests: 0 }, 'maxRequests'],
    [{ maximumPacketBytes: 0 }, 'maximumPacketBytes'],
    [{ connectTimeoutMs: -1 }, 'connectTimeoutMs'],
    [{ connectTimeoutMs: Number.NaN }, 'connectTimeoutMs'],
    [{ pingTimeoutMs: '10' }, 'pingTimeoutMs'],
    [{ reconnect: { factor: 0.5 } }, 'reconnect.factor'],
    [{ reconnect: { initialMs: -1 } }, 'reconnect.initialMs'],
    [{ reconnect: { jitter: 'some' } }, 'reconnect.jitter'],
    [{ reconnect: { maxAttempts: -1 } }, 'reconnect.maxAttempts'],
    [{ offline: { maxMessages: -1 } }, 'offline.maxMessages'],
    [{ offline: { maxBytes: 1.5 } }, 'offline.maxBytes'],
    [{ offline: { whenFull: 'block' } }, 'offline.whenFull'],
    [{ offline: { qos0: 'keep' } }, 'offline.qos0'],
    [{ clientId: 'a\0' }, 'clientId'],
    [{ clientId: '\uD800' }, 'clientId'],
    [{ will: { topic: 'a', payload: 5 } }, 'payload'],
    [{ will: { topic: 'a', payload: '', qos: 3 } }, 'will.qos'],
    [{ version: 'auto', cleanStart: false }, 'clientId'],
    [{ version: '3.1.1', cleanStart: false }, 'clientId'],
    [{ properties: { userPropertys: [] } }, 'properties.userPropertys'],
  ])('that make no sense are refused with what they have to be: %j [parity O3]', (options, name) => {
    expect(() => resolveOptions(options as ClientOptions)).toThrow(
      expect.objectContaining({ code: 'invalid-option', option: name }),
    );
  });

  test('with a will whose topic is a filter are refused [parity Z6, E40]', () => {
    expect(() => resolveOptions({ will: { topic: 'a/#', payload: '' } })).toThrow(
      expect.objectContaining({ code: 'invalid-topic' }),
    );
  });

  test.each([
    { auth: { method: 'M', start: () => undefined, challenge: () => undefined, success: () => undefined } },
    { properties: { userProperties: [] } },
    { will: { topic: 'a', payload: '', delaySeconds: 1 } },
    { will: { topic: 'a', payload: '', properties: {} } },
    { publish: { properties: {} } },
    { topicAliasMaximum: 5 },
    { clientId: 'a', session: { expirySeconds: 1 } },
    { followRedirects: true },
  ] satisfies ClientOptions[])('that 3.1.1 has no place for are refused there: %j [parity Z6]', (options) => {
    expect(() => resolveOptions({ ...options, version: '3.1.1' })).toThrow(
      expect.objectContaining({ code: 'only-in-5.0' }),
    );
    expect(resolveOptions({ clientId: 'a', ...options, version: 'auto' }).isV5).toBe(true);
  });
});

describe('a URL', () => {
  test.each([
    ['mqtt://host', ['mqtt', 'host', 1883, '']],
    ['tcp://host', ['tcp', 'host', 1883, '']],
    ['mqtts://host', ['mqtts', 'host', 8883, '']],
    ['tls://host', ['tls', 'host', 8883, '']],
    ['ssl://host', ['ssl', 'host', 8883, '']],
    ['ws://host', ['ws', 'host', 80, '']],
    ['wss://host', ['wss', 'host', 443, '']],
    ['MQTT://Host.Example:1', ['mqtt', 'Host.Example', 1, '']],
    ['mqtt://host:65535/', ['mqtt', 'host', 65_535, '/']],
    ['mqtt://127.0.0.1:1884', ['mqtt', '127.0.0.1', 1884, '']],
    ['mqtt://[::1]', ['mqtt', '::1', 1883, '']],
    ['mqtt://[2001:db8::1]:1884', ['mqtt', '2001:db8::1', 1884, '']],
    ['mqtt://[fe80::1%eth0]:1884', ['mqtt', 'fe80::1%eth0', 1884, '']],
    ['mqtt://[fe80::1%25eth0]', ['mqtt', 'fe80::1%25eth0', 1883, '']],
    ['wss://host/mqtt?token=a%20b#top', ['wss', 'host', 443, '/mqtt?token=a%20b']],
    ['ws://host:9001?x=1', ['ws', 'host', 9001, '?x=1']],
    ['unix:/run/mqtt.sock', ['unix', '', 0, '/run/mqtt.sock']],
    ['unix:///run/mqtt.sock', ['unix', '', 0, '/run/mqtt.sock']],
    ['unix:mqtt.sock', ['unix', '', 0, 'mqtt.sock']],
  ] as const)('%s is taken apart', (url, [scheme, host, port, path]) => {
    expect(parseUrl(url, {})).toEqual({ target: { scheme, host, port, path }, credentials: undefined });
  });

  test.each([
    ['mqtt://u@h', { username: 'u' }],
    ['mqtt://u:p@h', { username: 'u', password: 'p' }],
    ['mqtt://:p@h', { password: 'p' }],
    ['mqtt://u:@h', { username: 'u', password: '' }],
    ['mqtt://a%40b:c%3Ad%2F%25@h', { username: 'a@b', password: 'c:d/%' }],
    ['mqtt://u:p:q@h', { username: 'u', password: 'p:q' }],
    ['mqtts://%C3%A9:%F0%9F%94%91@[::1]:1', { username: 'é', password: '🔑' }],
    ['mqtt://@h', undefined],
  ])('%s has its credentials [parity E47]', (url, credentials) => {
    expect(parseUrl(url, {}).credentials).toEqual(credentials);
  });

  test.each([
    '',
    'host',
    'host:1883',
    'http://host',
    '//host',
    'mqtt:',
    'mqtt://',
    'mqtt://:1883',
    'mqtt://host:0',
    'mqtt://host:65536',
    'mqtt://host:port',
    'mqtt://host name',
    'mqtt://[::1',
    'mqtt://::1',
    'mqtt://[]',
    'unix:',
    'unix://',
    'mqtt://SECRET:SECRET@',
    'mqtt://SECRET:SECRET@host:x',
    'mqtt://SECRET:%zz@host',
    'mqtt://SECRET:SE@CRET@host',
    'SECRET://SECRET',
  ])('%j is refused, and the error does not show it [parity E47, P12]', (url) => {
    let error: unknown;
    try {
      parseUrl(url, {});
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: 'invalid-option', option: 'url' });
    expect(String((error as Error).stack)).not.toContain('SECRET');
  });

  test('goes with the options for the way there', () => {
    const options = { tls: { serverName: 'x' }, proxy: 'http://p', headers: { a: 'b' } };
    expect(parseUrl('wss://h', options).target).toMatchObject(options);
  });
});

describe('the clock of the platform', () => {
  test('wakes at its time, not before, and can be told not to', async () => {
    const at = Date.now() + 20;
    const wokenAt = await new Promise<number>((resolve) => {
      const cancel = systemClock.wakeAt(at - 10, () => resolve(-1));
      cancel();
      systemClock.wakeAt(at, () => resolve(Date.now()));
    });
    expect(wokenAt).toBeGreaterThanOrEqual(at);
  });

  test('does not wake at once for what lies beyond its longest timer', async () => {
    let isWoken = false;
    const cancel = systemClock.wakeAt(Date.now() + 2 ** 40, () => {
      isWoken = true;
    });
    await new Promise<void>((resolve) => {
      systemClock.wakeAt(Date.now() + 5, resolve);
    });
    cancel();
    expect(isWoken).toBe(false);
  });
});
