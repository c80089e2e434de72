import type { Packet } from '@omqtt/codec';
import { expect, test } from 'vitest';
import { lineOf } from '../src/packet-line.ts';

test('a short packet is shown with all its bytes and the name of its reason', () => {
  const packet: Packet = { type: 'puback', packetId: 2, reasonCode: 0x10 };

  expect(lineOf(packet, 'to client')).toBe(
    "◀ PUBACK       5 bytes  40 03 00 02 10             { packetId: 2, reasonCode: 'No matching subscribers' }",
  );
});

test('a packet that says nothing else ends with its bytes', () => {
  expect(lineOf({ type: 'pingreq' }, 'to broker')).toBe('▶ PINGREQ      2 bytes  c0 00');
});

test('a payload is shown as text', () => {
  const packet: Packet = {
    type: 'publish',
    topic: 'a',
    payload: Uint8Array.of(0x68, 0x69),
    qos: 0,
    retain: false,
    dup: false,
  };

  expect(lineOf(packet, 'to broker')).toContain("payload: 'hi'");
});
