import { describe, expect, test } from 'vitest';
import { scramSha1, scramSha256 } from '../../src/authentication/scram.ts';
import { converse } from './scram-exchange.ts';

const account = { username: 'user', password: 'pencil' };

describe('SCRAM, by the examples of its standards', () => {
  test('SCRAM-SHA-1 holds the conversation of RFC 5802 §5', async () => {
    const mechanism = scramSha1({ ...account, nonce: () => 'fyko+d2lbbFgONRv9qkxdawL' });

    const said = await converse(mechanism, [
      'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
      'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
    ]);

    expect(said).toEqual([
      'n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL',
      'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    ]);
  });

  test('SCRAM-SHA-256 holds the conversation of RFC 7677 §3', async () => {
    const mechanism = scramSha256({ ...account, nonce: () => 'rOprNGfwEbeRWgbNEkqO' });

    const said = await converse(mechanism, [
      'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
      'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    ]);

    expect(said).toEqual([
      'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    ]);
  });
});
