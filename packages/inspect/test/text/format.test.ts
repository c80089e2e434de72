import { encode, type Packet } from '@omqtt/codec';
import { packetFrom } from '@omqtt/testkit/arbitraries';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  escapeText,
  formatRecord,
  formatTree,
  Inspection,
  payloadSizeOf,
  toNdjsonLine,
  type PacketRecord,
} from '../../src/index.ts';
import { bytesOf } from '../../src/platform-text.ts';

function recordOf(packet: Packet): PacketRecord {
  const inspection = new Inspection({ assumedVersion: '5.0' });
  inspection.open('one', { at: 0, isPartial: true });
  return inspection.bytes('one', 'c2s', { chunk: encode(packet, '5.0'), at: 0 })[0] as PacketRecord;
}

// Control characters but the line end between the lines, which are ours.
const dangerous = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u;

test('no control character of a packet reaches the text', () => {
  fc.assert(
    fc.property(packetFrom('5.0', 'client'), (packet) => {
      const record = recordOf(packet);
      for (const line of `${formatRecord(record)}\n${formatTree(record)}`.split('\n')) {
        expect(line).not.toMatch(dangerous);
      }
    }),
    { numRuns: 60 },
  );
});

test('terminal escapes in topic and payload are shown, not obeyed', () => {
  const packet: Packet = {
    type: 'publish',
    topic: 'a\u202eb',
    payload: bytesOf('\u001b[2J'),
    qos: 0,
    retain: false,
    dup: false,
  };
  expect(formatRecord(recordOf(packet))).toBe('00:00:00.000 one -> PUBLISH q0 a\\u{202e}b 4B "\\x1b[2J"');
});

test('escapes can be told from the same text written out', () => {
  expect(escapeText('\n')).not.toBe(escapeText('\\n'));
});

test('a tree has a line for each field with its bytes', () => {
  const packet: Packet = { type: 'puback', packetId: 7, reasonCode: 0x87 };
  expect(formatTree(recordOf(packet)).split('\n').slice(1)).toEqual([
    '  fixedHeader [0-2]',
    '    first: 64 [0-1]',
    '    type: 4 (puback) [0-1 bits 11110000]',
    '    flags: 0 [0-1 bits 00001111]',
    '    remainingLength: 3 [1-2]',
    '  packetId: 7 [2-4]',
    '  reasonCode: 135 (Not authorized) [4-5]',
  ]);
});

test('of a message that is kept in part, the size is that on the wire', () => {
  const inspection = new Inspection({ limits: { maximumKeptPacketBytes: 64 } });
  inspection.open('one', { at: 0, isPartial: true });
  const payload = new Uint8Array(200).fill(0x78);
  const packet: Packet = { type: 'publish', topic: 'a', payload, qos: 0, retain: false, dup: false };
  const [record] = inspection.bytes('one', 'c2s', { chunk: encode(packet, '5.0'), at: 0 });
  if (!record) throw new Error('This is no packet.');
  expect(record.marks).toEqual(['shortened']);
  expect(payloadSizeOf(record)).toBe(200);
  expect(formatRecord(record)).toContain('PUBLISH q0 a 200B "xxx');
  expect(JSON.parse(toNdjsonLine(record))).toMatchObject({ size: 200, wire: 207 });
});
