import { decode, encode, type Packet, type ProtocolVersion, type Side } from '@omqtt/codec';
import { packetFrom } from '@omqtt/testkit/arbitraries';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eachField } from '../../src/index.ts';
import { decodeFrame } from '../../src/decode/decode-frame.ts';
import { readPacket } from '../../src/decode/read-packet.ts';

const versions: readonly ProtocolVersion[] = ['5.0', '3.1.1'];
const sides: readonly Side[] = ['client', 'server'];
const cases = versions.flatMap((version) => sides.map((sender) => ({ version, sender })));

describe.each(cases)('packets of a $sender in $version', ({ version, sender }) => {
  const receiver = sender === 'client' ? 'server' : 'client';
  const direction = sender === 'client' ? 'c2s' : 's2c';

  function codecTakes(bytes: Uint8Array): boolean {
    try {
      decode(bytes, version, { role: receiver });
      return true;
    } catch {
      return false;
    }
  }

  test('a sound packet reads as the codec reads it, without a fault', () => {
    fc.assert(
      fc.property(packetFrom(version, sender), (packet) => {
        const bytes = encode(packet, version, { role: sender });
        const { packet: read, faults } = readPacket(bytes, { version, sender });
        const errors = faults.filter(({ rule }) => rule !== 'text-indicator' && rule !== 'empty-client-id');
        expect(errors).toEqual([]);
        expect(read).toEqual(decode(bytes, version, { role: receiver }) satisfies Packet);
      }),
      { numRuns: 150 },
    );
  });

  test('the fields of a sound packet lie one behind the other and cover all its bytes', () => {
    fc.assert(
      fc.property(packetFrom(version, sender), (packet) => {
        const bytes = encode(packet, version, { role: sender });
        const { fields } = readPacket(bytes, { version, sender });
        const leaves = [...eachField(fields)].filter(({ children, bits }) => !children && bits === undefined);
        const covered = new Set(
          leaves.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)),
        );
        expect(covered.size).toBe(bytes.length);
        expect(leaves.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(bytes.length);
      }),
      { numRuns: 100 },
    );
  });

  test('a damaged packet has an error exactly when the codec refuses it', () => {
    const damaged = fc.tuple(packetFrom(version, sender), fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(damaged, ([packet, position, value]) => {
        const bytes = encode(packet, version, { role: sender });
        // The Remaining Length stays, because framing has already used it.
        const at = bytes.length < 3 ? 0 : position % bytes.length;
        if (at >= 1 && at <= 4) return;
        bytes[at] = value;
        const facts = { version, direction, isOld: false, size: bytes.length } as const;
        const { findings } = decodeFrame(bytes, facts);
        const errors = findings.filter(({ severity, rule }) => severity !== 'warning' && rule !== 'empty-client-id');
        expect(errors.map(({ rule }) => rule)).not.toContain('refused');
        expect(errors.length > 0).toBe(!codecTakes(bytes));
      }),
      { numRuns: 300 },
    );
  });

  test('whatever the bytes are, there is a result whose ranges lie within them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const { fields, faults } = readPacket(bytes, { version, sender });
        for (const { start, end } of [...eachField(fields), ...faults]) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(bytes.length);
          expect(start).toBeLessThanOrEqual(end);
        }
      }),
      { numRuns: 300 },
    );
  });
});
