import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { AccessConfig } from '../../src/access/access-config.ts';
import { Tokens } from '../../src/access/tokens.ts';
import { withBroker } from '../with-broker.ts';

const issuer = 'https://issuer.example';
const audience = 'bridge';
const algorithms = ['ES256'];
const role = {
  rules: [
    { effect: 'allow' as const, actions: ['read' as const], filters: ['${sub}/#'], qosMax: 2 as const, retain: true },
  ],
  limits: {},
};

interface Scene {
  readonly tokens: Tokens;
  /** A token, signed with the key of the issuer unless another one is given. */
  readonly sign: (claims?: object, header?: Partial<JWTHeaderParameters>, key?: CryptoKey) => Promise<string>;
  readonly publicKey: CryptoKey;
}

async function scene(): Promise<Scene> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1' };
  const jwt = [{ issuer, audience, algorithms, jwks: { keys: [jwk] }, role: 'r' }];
  const other = [{ issuer: 'https://other.example', audience, algorithms, jwks: { keys: [] }, role: 'r' }];
  const tokens = new Tokens({ jwt: [...jwt, ...other], roles: { r: role } } as unknown as AccessConfig);
  const sign: Scene['sign'] = (claims = {}, header = {}, key = privateKey) => {
    const base = { iss: issuer, aud: audience, sub: 'd1', exp: Math.floor(Date.now() / 1000) + 60 };
    return new SignJWT({ ...base, ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(key);
  };
  return { tokens, sign, publicKey };
}

const refused = { code: 'unauthenticated' };

/** Some are refused at once. */
async function verdictOf(tokens: Tokens, token: string): Promise<unknown> {
  return tokens.authenticate(token);
}

describe('a token is not valid', () => {
  test('with a key that it brings along, or names', async () => {
    const { tokens, sign } = await scene();
    const mallory = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(mallory.publicKey);
    for (const header of [
      { jwk },
      { jku: 'https://mallory.example/jwks' },
      { x5u: 'https://mallory.example/cert' },
      { kid: 'k2', jwk },
      { kid: "k1' OR '1'='1" },
      { kid: '../../dev/null' },
    ]) {
      const token = await sign({}, header, mallory.privateKey);
      await expect(verdictOf(tokens, token)).rejects.toMatchObject(refused);
    }
  });

  test('when anything of it was changed', async () => {
    const { tokens, sign } = await scene();
    const [head = '', , signature = ''] = (await sign()).split('.');
    const [, richer = ''] = (await sign({ sub: 'admin' })).split('.');
    await expect(verdictOf(tokens, `${head}.${richer}.${signature}`)).rejects.toMatchObject(refused);
    await expect(verdictOf(tokens, `${head}.${richer}.`)).rejects.toMatchObject(refused);
    await expect(verdictOf(tokens, `${head}.${richer}`)).rejects.toMatchObject(refused);
    const zeros = Buffer.alloc(64).toString('base64url');
    await expect(verdictOf(tokens, `${head}.${richer}.${zeros}`)).rejects.toMatchObject(refused);
  });

  test('with the algorithm none, in any spelling, or one that is not on the list', async () => {
    const { tokens, sign, publicKey } = await scene();
    const [, payload = '', signature = ''] = (await sign()).split('.');
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', 'HS256', 'ES384', 'RS256']) {
      const head = Buffer.from(JSON.stringify({ alg, kid: 'k1' })).toString('base64url');
      await expect(verdictOf(tokens, `${head}.${payload}.`)).rejects.toMatchObject(refused);
      await expect(verdictOf(tokens, `${head}.${payload}.${signature}`)).rejects.toMatchObject(refused);
    }
    for (const secret of [await exportSPKI(publicKey), JSON.stringify(await exportJWK(publicKey))]) {
      const confused = await new SignJWT({ iss: issuer, aud: audience, sub: 'd1', exp: 9_999_999_999 })
        .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
        .sign(Buffer.from(secret));
      await expect(verdictOf(tokens, confused)).rejects.toMatchObject(refused);
    }
  });

  test('of one issuer in the name of another', async () => {
    const { tokens, sign } = await scene();
    await expect(verdictOf(tokens, await sign({ iss: 'https://other.example' }))).rejects.toMatchObject(refused);
    await expect(verdictOf(tokens, await sign({ iss: [issuer] }))).rejects.toMatchObject(refused);
    await expect(verdictOf(tokens, await sign({ iss: '__proto__' }))).rejects.toMatchObject(refused);
  });

  test('with claims of the wrong kind', async () => {
    const { tokens, sign } = await scene();
    for (const claims of [{ exp: '9999999999' }, { exp: null }, { sub: 7 }, { sub: ['d1'] }, { sub: {} }]) {
      await expect(verdictOf(tokens, await sign(claims))).rejects.toMatchObject(refused);
    }
  });

  test('any longer when it has expired, although it was remembered', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const { tokens, sign } = await scene();
    const token = await sign();
    await verdictOf(tokens, token);
    vi.setSystemTime(Date.now() + 59_000);
    await expect(verdictOf(tokens, token)).resolves.toMatchObject({ id: `jwt:${issuer}:d1` });
    // The tolerance for clocks that differ is over, too.
    vi.setSystemTime(Date.now() + 7000);
    await expect(verdictOf(tokens, token)).rejects.toMatchObject({ code: 'token-expired' });
  });
});

describe('the keys of an issuer', () => {
  test('may be replaced, and unknown ones do not make the bridge ask for each token', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const [first, second] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')];
    let keys = [{ ...(await exportJWK(first.publicKey)), kid: 'first' }];
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
    const config = { jwt: [{ issuer, audience, algorithms, jwksUrl, role: 'r' }], roles: { r: role } };
    const tokens = new Tokens(config as unknown as AccessConfig);
    const sign = (key: CryptoKey, kid: string, sub: string): Promise<string> => {
      const claims = { iss: issuer, aud: audience, sub, exp: Math.floor(Date.now() / 1000) + 60 };
      return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(key);
    };
    await verdictOf(tokens, await sign(first.privateKey, 'first', 'a'));
    expect(asked).toBe(1);
    for (let number = 0; number < 20; number += 1) {
      const forged = await sign(second.privateKey, `kid-${number}`, 'a');
      await expect(verdictOf(tokens, forged)).rejects.toMatchObject(refused);
    }
    expect(asked).toBe(1);
    keys = [{ ...(await exportJWK(second.publicKey)), kid: 'second' }];
    vi.setSystemTime(Date.now() + 31_000);
    await expect(verdictOf(tokens, await sign(second.privateKey, 'second', 'b'))).resolves.toMatchObject({
      id: `jwt:${issuer}:b`,
    });
    await expect(verdictOf(tokens, await sign(first.privateKey, 'first', 'c'))).rejects.toMatchObject(refused);
    expect(asked).toBe(2);
  });
});

test('a header with a token of any length is refused, and the bridge goes on', async () => {
  const jwt = [{ issuer, audience, jwks: { keys: [] }, role: 'r' }];
  const { bridge } = await withBroker({ access: { jwt, roles: { r: role } } });
  for (const [length, status] of [
    [1000, 401],
    [10_000, 401],
    [100_000, 431],
  ] as const) {
    const headers = { authorization: `Bearer ${'x'.repeat(length)}` };
    expect((await bridge.call('GET', '/v1/whoami', { headers })).status).toBe(status);
  }
});
