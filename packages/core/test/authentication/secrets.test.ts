import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { scramSha256 } from '../../src/authentication/scram.ts';
import { tokenAuth } from '../../src/authentication/token.ts';
import { converse } from './scram-exchange.ts';
import { bytes, context } from './scram-server.ts';

/** Pseudo-random numbers below `limit` from a seed (xorshift), so that a failure can be repeated. */
function numbersFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const salt = 'c2FsdCBhbmQgcGVwcGVy';

/** The moves of a hostile or broken server, some of which say the secret back. */
function conversation(secret: string, number: (limit: number) => number): readonly string[] {
  const word = ['ours-and-more', secret, `ours${secret}`, ''][number(4)];
  const challenges = [
    `r=${word},s=${salt},i=1`,
    `r=${word},s=${secret},i=1`,
    `r=${word},s=${salt},i=${secret}`,
    `r=ours-and-more,s=${salt},i=1`,
    `r=ours-and-more,s=${salt},i=2`,
    `m=${secret}`,
    `e=${secret}`,
    secret,
  ];
  const lastWords = [`v=${secret}`, `v=${btoa('wrong')}`, `e=${secret}`, `e=invalid-proof ${secret}`, `m=${secret}`];
  return [challenges[number(challenges.length)] ?? '', lastWords[number(lastWords.length)] ?? ''];
}

/** As it may come from a person, but never by chance a part of an honest message. */
function secretFrom(number: (limit: number) => number): string {
  const alphabet = ['#', '§', 'Ω', '密', '🔑', '%', ',', '=', '\u0007', ' '];
  return `s3cr3t${Array.from({ length: 1 + number(12) }, () => alphabet[number(alphabet.length)]).join('')}`;
}

async function failureOf(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    return inspect(error, { depth: 10, showHidden: true });
  }
  return 'no failure';
}

const seeds = Array.from({ length: 20 }, (_, index) => 1 + index * 7919);

describe('an error of a mechanism', () => {
  test.each(seeds)('has no password in it, whatever the server says (seed %i)', async (seed) => {
    const number = numbersFrom(seed);
    for (let turn = 0; turn < 20; turn += 1) {
      const password = secretFrom(number);
      const given = number(2) === 0 ? password : async () => password;
      const says = conversation(password, number);

      const failure = await failureOf(async () => {
        const bounds = { minimumIterations: 1, maximumIterations: 1 };
        const mechanism = scramSha256({ username: 'user', password: given, nonce: () => 'ours', ...bounds });
        await converse(mechanism, says);
      });

      expect(failure).toContain('SCRAM-SHA-256 failed');
      expect(failure).not.toContain('s3cr3t');
      expect(failure).not.toContain(salt);
    }
  });

  test.each(seeds)('has no token in it, whatever the server says (seed %i)', async (seed) => {
    const token = secretFrom(numbersFrom(seed));
    const mechanism = tokenAuth({ method: 'TOKEN', token: () => token });

    const failure = await failureOf(async () => {
      await mechanism.start(context());
      await mechanism.challenge(bytes(token));
      await mechanism.challenge(bytes(token));
    });

    expect(failure).toContain('TOKEN failed');
    expect(failure).not.toContain('s3cr3t');
  });
});

describe('a mechanism', () => {
  test('shows neither password nor token when it is logged', async () => {
    const scram = scramSha256({ username: 'user', password: 's3cr3t' });
    const token = tokenAuth({ method: 'TOKEN', token: () => 's3cr3t' });
    await scram.start(context());
    await token.start(context());

    const shown = inspect([scram, token], { depth: 10, showHidden: true }) + JSON.stringify([scram, token]);

    expect(shown).not.toContain('s3cr3t');
  });
});
