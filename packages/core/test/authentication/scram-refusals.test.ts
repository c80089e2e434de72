import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AuthMechanism } from '../../src/authentication/mechanism.ts';
import { AuthMechanismError } from '../../src/authentication/mechanism-error.ts';
import { scramSha1, type ScramOptions } from '../../src/authentication/scram.ts';
import { converse } from './scram-exchange.ts';
import { bytes, context } from './scram-server.ts';

const account = { username: 'user', password: 'pencil' };
const challenge = 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096';
const signature = 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=';

function mechanismOfTheStandard(options: Partial<ScramOptions> = {}): AuthMechanism {
  return scramSha1({ ...account, nonce: () => 'fyko+d2lbbFgONRv9qkxdawL', ...options });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the challenge of a SCRAM server', () => {
  test.each([
    { what: 'with a shortened nonce', message: challenge.replace('qkxdawL3rfcNHYJY1ZVvWVs7j', 'qkx'), why: 'nonce' },
    { what: 'with nothing but our nonce', message: challenge.replace('3rfcNHYJY1ZVvWVs7j', ''), why: 'nonce' },
    { what: 'with a nonce of its own', message: challenge.replace('fyko', 'hers'), why: 'nonce' },
    { what: 'with a salt that is not base64', message: challenge.replace('QSXC', 'Q*XC'), why: 'not a message' },
    { what: 'with a salt without its padding', message: challenge.replace('bf92', 'bf8'), why: 'not a message' },
    { what: 'without a salt', message: challenge.replace('QSXCR+Q6sek8bf92', ''), why: 'not a message' },
    { what: 'with one round less than allowed', message: challenge.replace('4096', '4095'), why: '4095 iterations' },
    { what: 'with one round too many', message: challenge.replace('4096', '1000001'), why: '1000001 iterations' },
    {
      what: 'with rounds beyond all bounds',
      message: challenge.replace('4096', '9'.repeat(400)),
      why: 'not a message',
    },
    { what: 'with rounds as a fraction', message: challenge.replace('4096', '4096.5'), why: 'not a message' },
    { what: 'with rounds in hex', message: challenge.replace('4096', '0x1000'), why: 'not a message' },
    { what: 'with an extension that has to be known', message: `m=new,${challenge}`, why: 'extension' },
    { what: 'with such an extension at its end', message: `${challenge},m=new`, why: 'extension' },
    { what: 'with a part of another name', message: challenge.replace('s=', 'x='), why: 'not a message' },
    { what: 'with its parts in another order', message: challenge.replace(/^(.*),(s=.*),/, '$2,$1,'), why: 'not a' },
    { what: 'that ends early', message: challenge.replace(/,i=.*/, ''), why: 'not a message' },
    { what: 'that is empty', message: '', why: 'not a message' },
    { what: 'that is already the last word', message: signature, why: 'not a message' },
  ])('$what is refused', async ({ message, why }) => {
    const exchange = converse(mechanismOfTheStandard(), [message]);

    await expect(exchange).rejects.toBeInstanceOf(AuthMechanismError);
    await expect(exchange).rejects.toThrow(why);
  });

  test('without data is refused', async () => {
    const mechanism = mechanismOfTheStandard();
    await mechanism.start(context());

    await expect(mechanism.challenge(undefined)).rejects.toThrow('not a message');
  });

  test('that is not UTF-8 is refused', async () => {
    const mechanism = mechanismOfTheStandard();
    await mechanism.start(context());

    await expect(mechanism.challenge(Uint8Array.of(...bytes(`${challenge},x=`), 0xff))).rejects.toThrow(
      'not a message',
    );
  });

  test('costs no rounds before it is found sound', async () => {
    const password = vi.fn<() => string>(() => account.password);

    await expect(converse(mechanismOfTheStandard({ password }), [`${challenge}000`])).rejects.toThrow('iterations');

    expect(password).not.toHaveBeenCalled();
  });

  test.each([
    { what: 'fewer', options: { minimumIterations: 64 }, message: challenge.replace('4096', '64') },
    { what: 'more', options: { maximumIterations: 1_000_001 }, message: challenge.replace('4096', '1000001') },
  ])('may have $what rounds when the user says so', async ({ options, message }) => {
    const said = await converse(mechanismOfTheStandard(options), [message]);

    expect(said[1]).toMatch(/^c=biws,/);
  });

  test.each([
    { what: 'a second time', before: [challenge] },
    { what: 'after a challenge that was refused', before: ['nonsense'] },
  ])('$what is refused', async ({ before }) => {
    const mechanism = mechanismOfTheStandard();
    await converse(mechanism, before).catch(() => undefined);

    await expect(mechanism.challenge(bytes(challenge))).rejects.toThrow('out of turn');
  });

  test('before the exchange has begun is refused', async () => {
    await expect(mechanismOfTheStandard().challenge(bytes(challenge))).rejects.toThrow('out of turn');
  });

  test('after the exchange has succeeded is refused', async () => {
    const mechanism = mechanismOfTheStandard();
    await converse(mechanism, [challenge, signature]);

    await expect(mechanism.challenge(bytes(challenge))).rejects.toThrow('out of turn');
  });
});

describe('the last word of a SCRAM server', () => {
  test.each([
    {
      what: 'with another signature',
      message: 'v=rmF9pqV8S7suAoZWja4dJRkFsKU=',
      why: 'signature of the server is wrong',
    },
    { what: 'with a shorter signature', message: 'v=rmF9', why: 'signature of the server is wrong' },
    {
      what: 'with a longer signature',
      message: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQA',
      why: 'signature of the server is wrong',
    },
    { what: 'without a signature', message: 'v=', why: 'not a message' },
    { what: 'with a signature that is not base64', message: 'v=????', why: 'not a message' },
    { what: 'with the signature under another name', message: signature.replace('v', 'p'), why: 'not a message' },
    { what: 'with the signature in another place', message: `x=y,${signature}`, why: 'not a message' },
    { what: 'with an extension that has to be known', message: `${signature},m=new`, why: 'extension' },
    { what: 'that is empty', message: '', why: 'not a message' },
  ])('$what is refused', async ({ message, why }) => {
    const exchange = converse(mechanismOfTheStandard(), [challenge, message]);

    await expect(exchange).rejects.toBeInstanceOf(AuthMechanismError);
    await expect(exchange).rejects.toThrow(why);
  });

  test('that is missing is refused', async () => {
    const mechanism = mechanismOfTheStandard();
    await converse(mechanism, [challenge]);

    await expect(mechanism.success(undefined)).rejects.toThrow('not a message');
  });

  test('may have extensions', async () => {
    await expect(converse(mechanismOfTheStandard(), [challenge, `${signature},x=y`])).resolves.toHaveLength(2);
  });

  test('cannot come before the challenge', async () => {
    const mechanism = mechanismOfTheStandard();
    await mechanism.start(context());

    await expect(mechanism.success(bytes(signature))).rejects.toThrow('before it proved');
  });

  test('cannot be tried twice', async () => {
    const mechanism = mechanismOfTheStandard();
    await converse(mechanism, [challenge, 'v=rmF9']).catch(() => undefined);

    await expect(mechanism.success(bytes(signature))).rejects.toThrow('before it proved');
  });

  test('of an exchange does not end the next one', async () => {
    const mechanism = mechanismOfTheStandard();
    await converse(mechanism, [challenge, signature]);
    await mechanism.start(context());

    await expect(mechanism.success(bytes(signature))).rejects.toThrow('before it proved');
  });
});

describe('an error of a SCRAM server', () => {
  test.each(['challenge', 'last word'])('is a field of the error, in place of the %s', async (place) => {
    const says = place === 'challenge' ? ['e=unknown-user'] : [challenge, 'e=unknown-user'];

    await expect(converse(mechanismOfTheStandard(), says)).rejects.toMatchObject({
      code: 'authentication-failed',
      retryable: false,
      method: 'SCRAM-SHA-1',
      serverError: 'unknown-user',
      message: 'SCRAM-SHA-1 failed: the server said unknown-user',
    });
  });

  test('that the standard does not list is not repeated', async () => {
    const exchange = converse(mechanismOfTheStandard(), [challenge, 'e=your-password-is-pencil']);

    await expect(exchange).rejects.toMatchObject({
      serverError: 'other-error',
      message: 'SCRAM-SHA-1 failed: the server said other-error',
    });
  });
});

describe('an option of SCRAM', () => {
  test.each([
    { what: 'an empty name', options: { username: '' }, why: 'user name' },
    { what: 'a control character in the name', options: { username: 'a\0b' }, why: 'user name' },
    { what: 'an empty password', options: { password: '' }, why: 'password' },
    { what: 'half a surrogate pair in the password', options: { password: '\udc00' }, why: 'password' },
    { what: 'no rounds at all', options: { minimumIterations: 0 }, why: 'minimumIterations' },
    { what: 'bounds the wrong way round', options: { maximumIterations: 4095 }, why: 'minimumIterations' },
    { what: 'a bound that is not a number', options: { maximumIterations: Number.NaN }, why: 'maximumIterations' },
  ])('with $what is refused at once', ({ options, why }) => {
    expect(() => mechanismOfTheStandard(options)).toThrow(AuthMechanismError);
    expect(() => mechanismOfTheStandard(options)).toThrow(why);
  });

  test('that gives a prohibited password later fails the exchange', async () => {
    const exchange = converse(mechanismOfTheStandard({ password: async () => 'pen\0cil' }), [challenge]);

    await expect(exchange).rejects.toThrow('the password is empty, or has characters');
  });

  test('that fails to find the password ends the exchange with its own error', async () => {
    const lost = new Error('the vault is closed');
    const password = (): Promise<string> => Promise.reject(lost);

    await expect(converse(mechanismOfTheStandard({ password }), [challenge])).rejects.toBe(lost);
  });

  test.each(['', 'a,b', 'a b', 'a\n', 'ä'])('cannot make %j a nonce', (nonce) => {
    expect(() => mechanismOfTheStandard({ nonce: () => nonce }).start(context())).toThrow('nonce');
  });

  test('is of no use in a page without Web Crypto, and the error says why', () => {
    vi.stubGlobal('crypto', {});

    expect(() => mechanismOfTheStandard().start(context())).toThrow('https');
  });
});
