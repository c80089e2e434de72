import { describe, expect, test, vi } from 'vitest';
import type { AuthContext } from '../../src/authentication/mechanism.ts';
import { tokenAuth } from '../../src/authentication/token.ts';
import { AuthMechanismError } from '../../src/authentication/mechanism-error.ts';
import { bytes, context } from './scram-server.ts';

const method = 'OAUTH2-JWT';

function numberedTokens(): () => string {
  let issued = 0;
  return () => `token-${(issued += 1)}`;
}

describe('token authentication', () => {
  test('has the method that it was given', () => {
    expect(tokenAuth({ method, token: () => 'abc' }).method).toBe(method);
  });

  test.each([
    { what: 'text', token: () => 'tökén' },
    { what: 'bytes', token: () => bytes('tökén') },
    { what: 'a promise of text', token: async () => 'tökén' },
    { what: 'a promise of bytes', token: async () => bytes('tökén') },
  ])('sends a token that is $what', async ({ token }) => {
    expect(await tokenAuth({ method, token }).start(context())).toEqual(bytes('tökén'));
  });

  test('asks for a fresh token for each exchange, and tells the occasion', async () => {
    const token = vi.fn<(context: AuthContext) => string>(numberedTokens());
    const mechanism = tokenAuth({ method, token });
    const occasions = [context(), context({ attempt: 2 }), context({ isReauthentication: true })];

    for (const [index, occasion] of occasions.entries()) {
      expect(await mechanism.start(occasion)).toEqual(bytes(`token-${index + 1}`));
      await mechanism.success(undefined);
    }

    expect(token.mock.calls).toEqual(occasions.map((occasion) => [occasion]));
  });

  test('answers one challenge with a fresh token, and gives up at the second', async () => {
    const mechanism = tokenAuth({ method, token: numberedTokens() });
    await mechanism.start(context());

    expect(await mechanism.challenge(bytes('expired'))).toEqual(bytes('token-2'));
    await expect(mechanism.challenge(bytes('expired'))).rejects.toMatchObject({
      code: 'authentication-failed',
      retryable: false,
      method,
    });
  });

  test('answers a challenge again in the next exchange', async () => {
    const mechanism = tokenAuth({ method, token: numberedTokens() });
    await mechanism.start(context());
    await mechanism.challenge(undefined);
    await mechanism.start(context());

    expect(await mechanism.challenge(undefined)).toEqual(bytes('token-4'));
  });

  test.each([undefined, bytes('welcome')])('is content with any last word', async (word) => {
    const mechanism = tokenAuth({ method, token: () => 'abc' });
    await mechanism.start(context());

    expect(mechanism.success(word)).toBeUndefined();
  });

  test('does not answer a challenge when no exchange is under way', async () => {
    const mechanism = tokenAuth({ method, token: () => 'abc' });
    await expect(mechanism.challenge(undefined)).rejects.toBeInstanceOf(AuthMechanismError);

    await mechanism.start(context());
    await mechanism.success(undefined);

    await expect(mechanism.challenge(undefined)).rejects.toBeInstanceOf(AuthMechanismError);
  });

  test.each([
    { what: 'text', token: '' },
    { what: 'bytes', token: new Uint8Array() },
  ])('refuses an empty token of $what', async ({ token }) => {
    await expect(tokenAuth({ method, token: () => token }).start(context())).rejects.toThrow('the token is empty');
  });

  test('passes on why there is no token', async () => {
    const lost = new Error('the issuer is down');

    await expect(tokenAuth({ method, token: () => Promise.reject(lost) }).start(context())).rejects.toBe(lost);
  });

  test('sends no token that comes after the signal, or after another exchange has begun', async () => {
    const abort = new AbortController();
    const waiting: ((token: string) => void)[] = [];
    const mechanism = tokenAuth({ method, token: () => new Promise<string>((resolve) => waiting.push(resolve)) });
    const overtaken = mechanism.start(context());
    const aborted = mechanism.start(context({ signal: abort.signal }));

    abort.abort(new Error('nobody waits'));
    for (const give of waiting) give('late');

    await expect(overtaken).rejects.toThrow('another exchange has begun');
    await expect(aborted).rejects.toThrow('nobody waits');
  });
});
