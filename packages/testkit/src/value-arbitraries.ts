/** Numbers and bytes as packets carry them, with the ends of their ranges more often than chance would. */
import type { QoS } from '@omqtt/codec';
import * as fc from 'fast-check';

/** 0 or `minimum` to 65535. */
export function twoByteIntegers(minimum = 0): fc.Arbitrary<number> {
  return biased(minimum, 0xffff, [1, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe]);
}

/** 0 or `minimum` to 4294967295; the upper half is where signed arithmetic goes wrong. */
export function fourByteIntegers(minimum = 0): fc.Arbitrary<number> {
  return biased(minimum, 0xffff_ffff, [1, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe]);
}

/** 1 to 268435455, and often where one more byte is needed. */
export function variableByteIntegers(): fc.Arbitrary<number> {
  return biased(1, 268_435_455, [127, 128, 16_383, 16_384, 2_097_151, 2_097_152]);
}

function biased(minimum: number, maximum: number, edges: readonly number[]): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: minimum, max: maximum }), fc.constantFrom(minimum, ...edges, maximum));
}

export function packetIds(): fc.Arbitrary<number> {
  return twoByteIntegers(1);
}

export function qualities(): fc.Arbitrary<QoS> {
  return fc.constantFrom<QoS>(0, 1, 2);
}

/** Up to 65535 bytes, mostly few. */
export function binaries(): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { weight: 199, arbitrary: fc.uint8Array({ maxLength: 40 }) },
    { weight: 1, arbitrary: filled([65_535]) },
  );
}

/** Payloads of a PUBLISH: mostly short, sometimes of a size at which the Remaining Length needs one more byte. */
export function payloads(): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { weight: 90, arbitrary: fc.uint8Array({ maxLength: 60 }) },
    { weight: 8, arbitrary: filled([110, 121, 122, 123, 124, 125, 126, 127, 128]) },
    { weight: 2, arbitrary: filled([16_370, 16_378, 16_379, 16_380, 16_381, 16_383, 16_384, 70_000]) },
  );
}

function filled(lengths: readonly number[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.constantFrom(...lengths), fc.nat({ max: 255 }))
    .map(([length, byte]) => new Uint8Array(length).fill(byte));
}
