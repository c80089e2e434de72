import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createApiKey } from '../../src/access/api-keys.ts';
import type { BridgeOptions } from '../../src/index.ts';
import { BridgeConfigError, startBridge } from '../../src/index.ts';
import { openStream } from '../event-stream.ts';
import { withBroker } from '../with-broker.ts';

type Access = NonNullable<BridgeOptions['access']>;

const roles: NonNullable<Access['roles']> = {
  device: {
    rules: [
      {
        actions: ['publish', 'subscribe', 'read', 'request'],
        filters: ['dev/${sub}/#'],
        qosMax: 1,
        retain: false,
        maxBytes: 100,
      },
      { effect: 'deny', actions: ['publish', 'subscribe', 'read'], filters: ['dev/+/secret'] },
    ],
  },
  limited: {
    rules: [{ actions: ['publish', 'subscribe'], filters: ['#'] }],
    limits: { messagesPerSecond: 1, messageBurst: 3, streams: 1 },
  },
};

/** So slow that no test sees it come back. */
const reader: (typeof roles)[string] = {
  rules: [{ actions: ['publish', 'subscribe', 'read', 'request'], filters: ['#'] }],
  limits: { messagesPerSecond: 0.001, messageBurst: 3 },
};

const first = createApiKey('d1');
const second = createApiKey('d1');
const other = createApiKey('slow');
const keys: NonNullable<Access['keys']> = [
  { id: 'd1', role: 'device', secrets: [{ sha256: first.sha256 }, { sha256: second.sha256, expiresAt: '2020-01-01' }] },
  { id: 'slow', role: 'limited', secrets: [{ sha256: other.sha256 }] },
];

const bearer = (key: string): { headers: Record<string, string> } => ({ headers: { authorization: `Bearer ${key}` } });

describe('API keys', () => {
  test('let in who has one, in either header, and say what is wrong otherwise', async () => {
    const { bridge } = await withBroker({ access: { keys, roles } });
    expect((await bridge.call('GET', '/v1/whoami', bearer(first.key))).body).toMatchObject({ id: 'key:d1' });
    expect((await bridge.call('GET', '/v1/whoami', { headers: { 'x-api-key': first.key } })).status).toBe(200);
    const nobody = await bridge.call('GET', '/v1/whoami');
    expect([nobody.status, nobody.body['code']]).toEqual([401, 'unauthenticated']);
    expect(nobody.headers.get('www-authenticate')).toMatch(/^Bearer /);
    const forged = await bridge.call('GET', '/v1/whoami', bearer(`${first.key}x`));
    expect([forged.status, forged.body['code']]).toEqual([401, 'unauthenticated']);
    const old = await bridge.call('GET', '/v1/whoami', bearer(second.key));
    expect([old.status, old.body['code']]).toEqual([401, 'token-expired']);
  });

  test('publish only where their role allows it', async () => {
    const { bridge } = await withBroker({ access: { keys, roles } });
    const status = async (path: string, body = 'x'): Promise<number> => {
      return (await bridge.call('POST', path, { ...bearer(first.key), body })).status;
    };
    expect(await status('/v1/topics/dev/d1/temperature')).toBe(200);
    expect(await status('/v1/topics/dev/d2/temperature')).toBe(403);
    expect(await status('/v1/topics/dev/d1/secret')).toBe(403);
    expect(await status('/v1/topics/dev/d1/a?qos=2')).toBe(403);
    expect(await status('/v1/topics/dev/d1/a?retain=1')).toBe(403);
    expect(await status('/v1/topics/dev/d1/a', 'x'.repeat(101))).toBe(403);
    expect(await status('/v1/topics/$SYS/a')).toBe(403);
  });

  test('read and follow only what is contained in what their role allows', async () => {
    const { bridge } = await withBroker({ access: { keys, roles } });
    const code = async (path: string): Promise<unknown> =>
      (await bridge.call('GET', path, bearer(first.key))).body['code'];
    expect(await code('/v1/topics/dev/d1/a')).toBe('no-retained');
    expect(await code('/v1/topics/dev/d2/a')).toBe('acl-denied');
    expect(await code('/v1/retained?filter=dev/%23')).toBe('acl-denied');
    expect(await code('/v1/events?filter=dev/%2B/a')).toBe('acl-denied');
    expect(await code('/v1/events?filter=%23')).toBe('acl-denied');
    // It would bring what is denied.
    expect(await code('/v1/events?filter=dev/d1/%2B')).toBe('acl-denied');
    const stream = await openStream(`${bridge.url}/v1/events?filter=dev/d1/a&snapshot=none`, bearer(first.key));
    expect(await stream.json('ready')).toMatchObject({ subscriptions: [{ filter: 'dev/d1/a' }] });
  });

  test('spend from their allowance, and are told what is left', async () => {
    const { bridge } = await withBroker({ access: { keys, roles } });
    const send = (): ReturnType<typeof bridge.call> =>
      bridge.call('POST', '/v1/topics/a', { ...bearer(other.key), body: 'x' });
    const accepted = await send();
    expect(accepted.headers.get('ratelimit-policy')).toBe('"messages";q=3;w=3');
    expect(accepted.headers.get('ratelimit')).toMatch(/^"messages";r=2;t=\d$/);
    await send();
    await send();
    const refused = await send();
    expect([refused.status, refused.body['code'], refused.body['outcome']]).toEqual([429, 'rate-limited', 'not-sent']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('a batch costs as much as its messages', async () => {
    const { bridge } = await withBroker({ access: { keys, roles } });
    const body = JSON.stringify({ messages: Array.from({ length: 4 }, () => ({ topic: 'a' })) });
    const headers = { ...bearer(other.key).headers, 'content-type': 'application/json' };
    expect((await bridge.call('POST', '/v1/publish/batch', { body, headers })).body['code']).toBe('rate-limited');
  });

  test('spend for reads, requests and subscriptions, too, and are told each time', async () => {
    const { bridge } = await withBroker({ access: { keys, roles: { ...roles, limited: reader } } });
    const left: unknown[] = [];
    const call = async (method: string, path: string): Promise<number> => {
      const init = method === 'POST' ? { body: '' } : {};
      const answer = await bridge.call(method, path, { ...bearer(other.key), ...init });
      left.push(answer.headers.get('ratelimit')?.split(';')[1]);
      return answer.status;
    };
    expect([await call('GET', '/v1/topics/a'), await call('GET', '/v1/retained?filter=a')]).toEqual([404, 200]);
    expect([await call('POST', '/v1/requests/a'), await call('GET', '/v1/topics/a')]).toEqual([503, 429]);
    expect(left).toEqual(['r=2', 'r=1', 'r=0', 'r=0']);
    expect((await bridge.call('GET', '/v1/events?filter=a', bearer(other.key))).body['code']).toBe('rate-limited');
  });

  test('have as many streams as their role allows', async () => {
    const { bridge } = await withBroker({ access: { keys, roles } });
    const stream = await openStream(`${bridge.url}/v1/events?filter=a&snapshot=none`, bearer(other.key));
    await stream.json('ready');
    expect((await bridge.call('GET', '/v1/events?filter=a', bearer(other.key))).body['code']).toBe('stream-limit');
  });

  test('are taken over anew without a restart', async () => {
    const { bridge } = await withBroker({ access: { keys, roles } });
    bridge.reload({ access: { keys: keys.slice(1), roles } });
    expect((await bridge.call('GET', '/v1/whoami', bearer(first.key))).status).toBe(401);
    expect((await bridge.call('GET', '/v1/whoami', bearer(other.key))).status).toBe(200);
  });
});

describe('tokens', () => {
  const issuer = 'https://issuer.example';
  const audience = 'bridge';

  async function setUp(): Promise<{
    call: (token: string, path?: string) => Promise<{ status: number; body: Readonly<Record<string, unknown>> }>;
    token: (claims?: object, header?: object) => Promise<string>;
    jwk: Record<string, unknown>;
    url: string;
  }> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    const access: Access = { jwt: [{ issuer, audience, jwks: { keys: [jwk] }, role: 'device' }], roles };
    const { bridge } = await withBroker({ access });
    const base = { iss: issuer, aud: audience, sub: 'd1', exp: Math.floor(Date.now() / 1000) + 60 };
    return {
      call: (token, path = '/v1/whoami') => bridge.call('GET', path, bearer(token)),
      token: (claims = {}, header = {}) => {
        return new SignJWT({ ...base, ...claims })
          .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
          .sign(privateKey);
      },
      jwk,
      url: bridge.url,
    };
  }

  test('let in who has a good one, with the role of the issuer', async () => {
    const { call, token } = await setUp();
    const good = await token();
    expect((await call(good)).body['id']).toBe(`jwt:${issuer}:d1`);
    expect((await call(good)).body['id']).toBe(`jwt:${issuer}:d1`);
    expect((await call(good, '/v1/topics/dev/d1/x')).body['code']).toBe('no-retained');
    expect((await call(good, '/v1/topics/dev/d2/x')).body['code']).toBe('acl-denied');
  });

  test.each([
    ['of another audience', { aud: 'other' }, {}],
    ['of an unknown issuer', { iss: 'https://evil.example' }, {}],
    ['without an end', { exp: undefined }, {}],
    ['without a subject', { sub: undefined }, {}],
    ['that is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 3600 }, {}],
    ['of another type', {}, { typ: 'dpop+jwt' }],
    ['with another key id', {}, { kid: '../../etc/passwd' }],
    ['with a critical header that nobody knows', {}, { crit: ['x'], x: 1 }],
  ])('%s are not valid', async (_title, claims, header) => {
    const { call, token } = await setUp();
    let text: string;
    try {
      text = await token(claims, header);
    } catch {
      // The library does not even sign it: made by hand, with the signature of another.
      const [, payload = '', signature = ''] = (await token(claims)).split('.');
      const head = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'k1', ...header })).toString('base64url');
      text = `${head}.${payload}.${signature}`;
    }
    expect(await call(text)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  test('that have expired are told so', async () => {
    const { call, token } = await setUp();
    const old = await token({ exp: Math.floor(Date.now() / 1000) - 60 });
    expect(await call(old)).toMatchObject({ status: 401, body: { code: 'token-expired' } });
  });

  test('without a signature, or signed with the public key as a secret, are not valid', async () => {
    const { call, jwk } = await setUp();
    const claims = { iss: issuer, aud: audience, sub: 'd1', exp: Math.floor(Date.now() / 1000) + 60 };
    expect((await call(new UnsecuredJWT(claims).encode())).status).toBe(401);
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
      .sign(Buffer.from(JSON.stringify(jwk)));
    expect((await call(confused)).status).toBe(401);
    expect((await call('no.token.atall')).status).toBe(401);
  });

  test('a subject cannot widen the filters of its role', async () => {
    const { call, token } = await setUp();
    for (const sub of ['+', '#', 'd1/../d2', 'a/b', '']) {
      const { body } = await call(await token({ sub }), '/v1/retained?filter=dev/%2B/%23');
      expect(['acl-denied', 'unauthenticated']).toContain(body['code']);
      const own = await call(await token({ sub }), `/v1/topics/dev/${encodeURIComponent(sub)}/x`);
      expect(['acl-denied', 'topic-invalid', 'unauthenticated']).toContain(own.body['code']);
    }
  });

  test('keys come from a URL, and an issuer that is away is no fault of the caller', async () => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'r', alg: 'EdDSA' }] });
    let isUp = false;
    const server = createServer((_request, response) =>
      response.writeHead(isUp ? 200 : 500, { 'content-type': 'application/json' }).end(jwks),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    const { bridge } = await withBroker({ access: { jwt: [{ issuer, audience, jwksUrl, role: 'device' }], roles } });
    const claims = { iss: issuer, aud: audience, sub: 'd1', exp: Math.floor(Date.now() / 1000) + 60 };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: 'r', typ: 'at+jwt' })
      .sign(privateKey);
    const away = await bridge.call('GET', '/v1/whoami', bearer(token));
    expect([away.status, away.body['code']]).toEqual([503, 'authority-unavailable']);
    isUp = true;
    expect((await bridge.call('GET', '/v1/whoami', bearer(token))).status).toBe(200);
  });
});

function ignore(): void {
  // Not of interest here.
}

describe('an open door', () => {
  test('is refused beyond loopback, unless it is meant', async () => {
    await expect(startBridge({ http: { host: '0.0.0.0', port: 0 } })).rejects.toBeInstanceOf(BridgeConfigError);
  });

  test('is warned of', async () => {
    const warnings: string[] = [];
    const logger = {
      debug: ignore,
      info: ignore,
      error: ignore,
      warn: (message: string) => void warnings.push(message),
    };
    const bridge = await startBridge({ http: { port: 0 }, ops: { port: 0 }, logger });
    onTestFinished(() => bridge.close());
    expect(warnings.join()).toContain('nobody has to say who they are');
  });
});
