import { describe, expect, test } from 'vitest';

import { isFailure, mayCarry, packetTypes, reasonName } from '../src/index.ts';
import { expectedNames, isExpected } from './expected-reason-codes.ts';

const allCodes = Array.from({ length: 256 }, (_, code) => code);
const senders = ['client', 'server', 'either'] as const;

describe('the reason codes', () => {
  test('are the 43 of the standard, each with its name [parity O17]', () => {
    const known = allCodes.filter((code) => !reasonName(code).startsWith('Unknown reason code'));
    expect(known.map((code) => [code, reasonName(code)])).toEqual(
      Object.entries(expectedNames).map(([code, name]) => [Number(code), name]),
    );
    expect(known).toHaveLength(43);
  });

  test.each(packetTypes)('of $type are those of its own table, for each side', ({ type }) => {
    const allowed = senders.map((sender) => allCodes.filter((code) => mayCarry(type, code, sender)));
    expect(allowed).toEqual(senders.map((sender) => allCodes.filter((code) => isExpected(type, code, sender))));
  });

  test('outside a byte are in no packet', () => {
    expect([-1, 256, 0x80 + 256, 0.5, Number.NaN].filter((code) => mayCarry('disconnect', code, 'either'))).toEqual([]);
  });

  test('from 0x80 on are failures', () => {
    expect(allCodes.filter(isFailure)).toEqual(allCodes.slice(0x80));
  });

  test('have the name that the standard gives them in each packet', () => {
    expect(reasonName(0x00)).toBe('Success');
    expect(reasonName(0x00, 'connack')).toBe('Success');
    expect(reasonName(0x00, 'disconnect')).toBe('Normal disconnection');
    expect(reasonName(0x00, 'suback')).toBe('Granted QoS 0');
    expect(reasonName(0x87, 'disconnect')).toBe('Not authorized');
  });

  test('that the standard does not know show their number', () => {
    expect(reasonName(0x03)).toBe('Unknown reason code 0x03');
    expect(reasonName(0xff)).toBe('Unknown reason code 0xff');
  });
});
