import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { decode, MalformedPacketError } from '../src/index.ts';
import { framed } from './vectors/framing.ts';
import { octets } from './vectors/vector.ts';

/** What a PUBLISH and a will may carry alike: the first is read by a way of its own, the second by the table. */
const shared = [
  [0x01, 0x01],
  [0x01, 0x02],
  [0x02, 0x00, 0x00, 0x0e, 0x10],
  [0x03, 0x00, 0x02, 0x61, 0x62],
  [0x03, 0x00, 0x01, 0xff],
  [0x08, 0x00, 0x05, 0x72, 0x2f, 0x61, 0x2f, 0x62],
  [0x08, 0x00, 0x00],
  [0x08, 0x00, 0x01, 0x23],
  [0x09, 0x00, 0x02, 0x00, 0xff],
  [0x26, 0x00, 0x01, 0x6b, 0x00, 0x01, 0x76],
  [0x26, 0x00, 0x01, 0x6b, 0x00, 0x00],
  // Neither may carry these.
  [0x11, 0x00, 0x00, 0x00, 0x01],
  [0x83, 0x00],
  [0xff],
];

const blocks = fc
  .tuple(fc.array(fc.constantFrom(...shared), { minLength: 1, maxLength: 6 }), fc.nat({ max: 3 }))
  .map(([properties, cut]) => properties.flat().slice(0, properties.length > 1 ? -cut || undefined : undefined));

function outcomeOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MalformedPacketError)) throw error;
    return [error.problem, error.reasonCode, error.statement];
  }
}

function inPublish(block: readonly number[]): unknown {
  const packet = decode(
    framed(
      0x30,
      octets([
        [0x00, 0x01, 't'],
        [block.length, ...block],
      ]),
    ),
    '5.0',
  );
  return packet.type === 'publish' ? packet.properties : packet;
}

function inWill(block: readonly number[]): unknown {
  const connect = [0x00, 0x04, 'MQTT', 0x05, 0x06, 0x00, 0x0a, 0x00, 0x00, 0x01, 'c'];
  const will = [
    [block.length, ...block],
    [0x00, 0x01, 't'],
    [0x00, 0x00],
  ];
  const packet = decode(framed(0x10, octets([connect, ...will])), '5.0');
  return packet.type === 'connect' ? packet.will?.properties : packet;
}

test('the properties of a message read like those of a will, in any order, damaged or not', () => {
  fc.assert(
    fc.property(blocks, (block) => {
      expect(outcomeOf(() => inPublish(block))).toStrictEqual(outcomeOf(() => inWill(block)));
    }),
    { numRuns: 2000 },
  );
});
