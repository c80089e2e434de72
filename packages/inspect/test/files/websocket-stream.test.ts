import { encode, type Packet } from '@omqtt/codec';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TcpCapture } from '../../src/files/tcp-capture.ts';
import type { TcpSegment } from '../../src/files/tcp-segment.ts';
import { Inspection, replay } from '../../src/index.ts';
import { bytesOf } from '../../src/platform-text.ts';

const [client, server] = ['10.0.0.1:50000', '10.0.0.2:8080'];
const request = 'GET /mqtt HTTP/1.1\r\nHost: b\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n';
const answer = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n';

const packets: readonly Packet[] = [
  { type: 'connect', version: '5.0', clientId: 'c', cleanStart: true, keepAliveSeconds: 0 },
  { type: 'publish', topic: 'a', payload: new Uint8Array(300).fill(7), qos: 0, dup: false, retain: false },
  { type: 'publish', topic: 'b', payload: new Uint8Array(70_000).fill(8), qos: 0, dup: false, retain: false },
  { type: 'disconnect', reasonCode: 0 },
];

/** [RFC 6455 5.2], masked as clients have to. */
function frame(payload: Uint8Array, opcode = 2): number[] {
  const { length } = payload;
  const size =
    length < 126
      ? [length]
      : length < 65_536
        ? [126, length >> 8, length & 255]
        : [127, 0, 0, 0, 0, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255];
  const mask = [1, 2, 3, 4];
  const masked = Array.from(payload, (each, index) => each ^ (mask[index % 4] ?? 0));
  return [0x80 | opcode, 0x80 | (size[0] ?? 0), ...size.slice(1), ...mask, ...masked];
}

function read(
  fromClient: Uint8Array,
  cuts: readonly number[],
): { readonly seen: string[]; readonly problems: string[] } {
  const segments: TcpSegment[] = [];
  const flags = { isSyn: false, isAck: true, isFin: false, isReset: false };
  const say = ([from, to]: readonly [string, string], sequence: number, payload: Uint8Array): void => {
    const [fromPort, toPort] = [from, to].map((end) => Number(end.split(':')[1])) as [number, number];
    segments.push({ ...flags, at: segments.length, from, to, fromPort, toPort, sequence, payload });
  };
  let [at, turn] = [0, 0];
  while (at < fromClient.length) {
    const end = Math.min(fromClient.length, at + (cuts[turn % cuts.length] ?? 1));
    say([client, server], at + 1, fromClient.subarray(at, end));
    if (turn === 0) say([server, client], 1, bytesOf(answer));
    at = end;
    turn += 1;
  }
  const capture = new TcpCapture(segments);
  for (const segment of segments) capture.add(segment);
  capture.finish();
  const records = replay(capture.events, new Inspection());
  return { seen: records.map(({ type, size }) => `${type} ${size}`), problems: capture.problems };
}

test('MQTT over WebSocket is read from a capture, however it is cut into segments and frames', () => {
  const stream = packets.flatMap((packet) => [...encode(packet, '5.0')]);
  const expected = packets.map((packet) => `${packet.type} ${encode(packet, '5.0').length}`);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 80_000 }), { minLength: 1, maxLength: 10 }),
      fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 10 }),
      (sizes, cuts) => {
        const frames: number[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = Math.max(10, sizes[turn % sizes.length] ?? 10);
          for (const each of frame(Uint8Array.from(stream.slice(at, at + size)), turn === 0 ? 2 : 0)) frames.push(each);
          // A ping is no MQTT.
          for (const each of frame(bytesOf('MQTT'), 9)) frames.push(each);
          at += size;
        }
        const bytes = Uint8Array.from([...bytesOf(request), ...frames]);
        expect(
          read(
            bytes,
            cuts.map((cut) => Math.max(50, cut)),
          ),
        ).toEqual({ seen: expected, problems: [] });
      },
    ),
    { numRuns: 30 },
  );
});

test('other HTTP, compressed frames and TLS are named as what cannot be read', () => {
  const other = bytesOf('GET / HTTP/1.1\r\nHost: b\r\n\r\n');
  expect(read(other, [100]).problems).toEqual([`${client}-${server}: it is HTTP without MQTT`]);
  const compressed = Uint8Array.from([...bytesOf(request), 0xc2, 0x81, 0, 0, 0, 0, 1]);
  expect(read(compressed, [200]).problems.join()).toContain('its frames are compressed');
  const tls = Uint8Array.of(0x16, 0x03, 0x01, 0, 5, 1, 0, 0, 1, 0);
  expect(read(tls, [100]).problems.join()).toMatch(/encrypted \(TLS\).*omqtt-inspector/);
});
