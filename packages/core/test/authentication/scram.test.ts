import { describe, expect, test, vi } from 'vitest';
import type { AuthContext } from '../../src/authentication/mechanism.ts';
import { scramSha1, scramSha256, scramSha512 } from '../../src/authentication/scram.ts';
import { authenticate } from './scram-exchange.ts';
import { bytes, context, ScramServer, text } from './scram-server.ts';

const account = { username: 'user', password: 'pencil' };
const digest = 'sha256';

describe('SCRAM', () => {
  test.each([
    { method: 'SCRAM-SHA-1', scram: scramSha1, digest: 'sha1' },
    { method: 'SCRAM-SHA-256', scram: scramSha256, digest: 'sha256' },
    { method: 'SCRAM-SHA-512', scram: scramSha512, digest: 'sha512' },
  ] as const)('$method and an independent server convince each other', async ({ method, scram, digest: own }) => {
    const mechanism = scram(account);

    expect(mechanism.method).toBe(method);
    expect(await authenticate(mechanism, new ScramServer({ ...account, digest: own }))).toBe(true);
  });

  test('a name with comma and equals sign is escaped', async () => {
    const username = 'a=b,c=2C';
    const mechanism = scramSha256({ ...account, username });

    expect(text(await mechanism.start(context()))).toMatch(/^n,,n=a=3Db=2Cc=3D2C,r=/);
    expect(await authenticate(mechanism, new ScramServer({ ...account, username, digest }))).toBe(true);
  });

  test('name and password outside ASCII are brought to the form that the server keeps', async () => {
    const mechanism = scramSha256({ username: 'Jose\u0301\u00a0密', password: 'p\u00adaß\u2168🔑' });
    const server = new ScramServer({ username: 'José 密', password: 'paßIX🔑', digest });

    expect(await authenticate(mechanism, server)).toBe(true);
  });

  test('every exchange has its own nonce, of 144 bits', async () => {
    const mechanism = scramSha256(account);

    const first = text(await mechanism.start(context()));
    const second = text(await mechanism.start(context()));

    expect(first).toMatch(/^n,,n=user,r=[A-Za-z0-9+/]{24}$/);
    expect(second).not.toBe(first);
  });

  test('extensions behind the iterations and the signature are left alone', async () => {
    const mechanism = scramSha1({ ...account, nonce: () => 'abc' });
    await mechanism.start(context());

    const answer = text(await mechanism.challenge(bytes('r=abcdef,s=QSXCR+Q6sek8bf92,i=4096,x=y=z')));

    expect(answer).toMatch(/^c=biws,r=abcdef,p=/);
  });

  test('several exchanges in a row succeed, and ask for the password once', async () => {
    const password = vi.fn<() => Promise<string>>(async () => account.password);
    const mechanism = scramSha256({ ...account, password });

    for (const isReauthentication of [false, true, false]) {
      const server = new ScramServer({ ...account, digest });
      expect(await authenticate(mechanism, server, context({ isReauthentication }))).toBe(true);
    }

    expect(password).toHaveBeenCalledTimes(1);
  });

  test('the function for the password learns the occasion', async () => {
    const password = vi.fn<(context: AuthContext) => string>(() => account.password);
    const occasion = context({ attempt: 7 });

    await authenticate(scramSha256({ ...account, password }), new ScramServer({ ...account, digest }), occasion);

    expect(password).toHaveBeenCalledWith(occasion);
  });

  test.each([
    { what: 'another salt', change: { salt: 'YW5vdGhlciBzYWx0' } },
    { what: 'another count', change: { iterations: 5000 } },
  ])('$what needs the password again', async ({ change }) => {
    const password = vi.fn<() => string>(() => account.password);
    const mechanism = scramSha256({ ...account, password });

    await authenticate(mechanism, new ScramServer({ ...account, digest }));
    expect(await authenticate(mechanism, new ScramServer({ ...account, digest, ...change }))).toBe(true);

    expect(password).toHaveBeenCalledTimes(2);
  });

  test('a password that was refused is asked for anew', async () => {
    const passwords = ['pencil', 'brush'];
    const mechanism = scramSha256({ ...account, password: () => passwords.shift() ?? '' });
    await authenticate(mechanism, new ScramServer({ ...account, digest }));

    const server = (): ScramServer => new ScramServer({ ...account, digest, password: 'brush' });
    await expect(authenticate(mechanism, server())).rejects.toMatchObject({ serverError: 'invalid-proof' });

    expect(await authenticate(mechanism, server())).toBe(true);
  });
});

describe('a SCRAM exchange that is overtaken', () => {
  test('gives no answer once another has begun, and the other succeeds', async () => {
    const waiting: ((password: string) => void)[] = [];
    const slow = new Promise<string>((resolve) => waiting.push(resolve));
    const answers = [slow, account.password];
    const mechanism = scramSha256({ ...account, password: () => answers.shift() ?? '' });
    const old = new ScramServer({ ...account, digest });
    const abandoned = mechanism.challenge(old.challenge(await mechanism.start(context())));

    expect(await authenticate(mechanism, new ScramServer({ ...account, digest }))).toBe(true);
    for (const tell of waiting) tell(account.password);

    await expect(abandoned).rejects.toMatchObject({ code: 'authentication-failed' });
  });

  test('does not confirm the one that began in its place', async () => {
    const mechanism = scramSha256(account);
    const server = new ScramServer({ ...account, digest });
    const proof = await mechanism.challenge(server.challenge(await mechanism.start(context())));

    const confirmed = mechanism.success(server.judge(proof).answer);
    await mechanism.start(context());

    await expect(confirmed).rejects.toThrow('another exchange has begun');
  });

  test('ends with the reason of the signal when the password comes too late', async () => {
    const abort = new AbortController();
    const password = vi.fn<() => string>(() => {
      abort.abort(new Error('nobody waits'));
      return account.password;
    });
    const mechanism = scramSha256({ ...account, password });
    const server = new ScramServer({ ...account, digest });
    const challenge = server.challenge(await mechanism.start(context({ signal: abort.signal })));

    await expect(mechanism.challenge(challenge)).rejects.toThrow('nobody waits');
  });
});
