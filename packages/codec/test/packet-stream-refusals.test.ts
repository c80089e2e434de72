import { describe, expect, test } from 'vitest';

import { encode, MalformedPacketError, PacketStream, packetTypes } from '../src/index.ts';
import type { PacketStreamOptions, PublishPacket } from '../src/index.ts';
import { thrownBy } from './refusal.ts';

const v5 = { version: '5.0' } as const;

function pushed(options: PacketStreamOptions, ...bytes: readonly number[]): unknown {
  return thrownBy(() => new PacketStream(options).push(Uint8Array.of(...bytes)));
}

describe('the first byte is enough to refuse', () => {
  test('a packet type that is reserved', () => {
    expect(pushed(v5, 0x00)).toMatchObject({ problem: 'reserved-type', reasonCode: 0x81 });
    expect(pushed({ version: '3.1.1' }, 0xf0)).toMatchObject({ problem: 'reserved-type' });
  });

  test('[5.0 MQTT-2.1.3-1] [3.1.1 MQTT-2.2.2-1] flags that are reserved, in every packet type that has them', () => {
    for (const { type, number, flags } of packetTypes.filter((each) => each.type !== 'publish')) {
      const others = Array.from({ length: 16 }, (_, each) => each).filter((each) => each !== flags);
      const found = others.map((each) => pushed(v5, (number << 4) | each));
      expect([type, found]).toMatchObject([type, others.map(() => ({ problem: 'reserved-flags', reasonCode: 0x81 }))]);
    }
  });

  test.each(['client', 'server'] as const)('a packet that the other end of a %s does not send', (role) => {
    for (const { number, flags, sender } of packetTypes.filter((each) => each.sender === role)) {
      expect([sender, pushed({ ...v5, role }, (number << 4) | flags)]).toMatchObject([
        role,
        { problem: 'wrong-direction', reasonCode: 0x82 },
      ]);
    }
  });

  test('a DISCONNECT of a 3.1.1 server', () => {
    expect(pushed({ version: '3.1.1', role: 'client' }, 0xe0)).toMatchObject({ problem: 'wrong-direction' });
  });

  test('anything but a CONNECT when the version is not known', () => {
    for (const { number, flags } of packetTypes.filter(({ type }) => type !== 'connect')) {
      const error = pushed({ version: 'auto' }, (number << 4) | flags);
      expect(error).toBeInstanceOf(MalformedPacketError);
      expect(error).toMatchObject({ problem: 'wrong-direction' });
    }
  });

  test('also when the header is whole and the body is missing', () => {
    // 2 MiB are announced, and none of them is there.
    const header = [0x80, 0x80, 0x80, 0x01];
    expect(pushed(v5, 0x21, ...header)).toMatchObject({ problem: 'reserved-flags' });
    expect(pushed({ ...v5, role: 'client' }, 0x10, ...header)).toMatchObject({ problem: 'wrong-direction' });
    expect(pushed({ version: 'auto' }, 0x30, ...header)).toMatchObject({ problem: 'wrong-direction' });
  });

  test('also behind sound packets', () => {
    expect(pushed(v5, 0xc0, 0x00, 0x21)).toMatchObject({ problem: 'reserved-flags', packets: [{ type: 'pingreq' }] });
  });
});

describe('[5.0 MQTT-1.5.5-1] a Remaining Length', () => {
  test('that goes on after four bytes is refused at the fifth byte of the packet', () => {
    const stream = new PacketStream(v5);
    expect(stream.push(Uint8Array.of(0x30, 0xff, 0xff, 0xff))).toEqual([]);
    const error = thrownBy(() => stream.push(Uint8Array.of(0xff)));
    expect(error).toMatchObject({ problem: 'bad-variable-integer', reasonCode: 0x81, offset: 5 });
    expect(pushed(v5, 0x30, 0xff, 0xff, 0xff, 0x80)).toMatchObject({ problem: 'bad-variable-integer', offset: 5 });
  });

  test('that goes on after four bytes is refused when it comes byte by byte', () => {
    const stream = new PacketStream(v5);
    for (const byte of [0x30, 0x80, 0x80, 0x80]) expect(stream.push(Uint8Array.of(byte))).toEqual([]);
    expect(thrownBy(() => stream.push(Uint8Array.of(0x80)))).toMatchObject({ problem: 'bad-variable-integer' });
  });

  test('that is longer than it needs to be is refused', () => {
    for (const length of [
      [0x80, 0x00],
      [0x82, 0x80, 0x00],
      [0xff, 0xff, 0x80, 0x00],
    ]) {
      expect(pushed(v5, 0x30, ...length)).toMatchObject({ problem: 'bad-variable-integer' });
    }
  });
});

describe('what fails in a stream', () => {
  const bad = [0x40, 0x02, 0x00, 0x00] as const; // PUBACK with packet id 0

  test('comes with the sound packets that stood before it in the chunk', () => {
    const error = pushed(v5, 0xc0, 0x00, 0xd0, 0x00, ...bad, 0xe0, 0x00);
    expect(error).toBeInstanceOf(MalformedPacketError);
    expect(error).toMatchObject({
      problem: 'bad-packet-id',
      packets: [{ type: 'pingreq' }, { type: 'pingresp' }],
    });
  });

  test('comes with the packet that its chunk completed, and without those of earlier chunks', () => {
    const stream = new PacketStream(v5);
    expect(stream.push(Uint8Array.of(0xc0, 0x00, 0xd0))).toEqual([{ type: 'pingreq' }]);
    const error = thrownBy(() => stream.push(Uint8Array.of(0x00, ...bad)));
    expect(error).toMatchObject({ packets: [{ type: 'pingresp' }] });
  });

  test('comes without packets where it stands first', () => {
    expect(pushed(v5, ...bad)).toMatchObject({ packets: [] });
  });

  test('fails again at every later push, with the same error', () => {
    const stream = new PacketStream(v5);
    const first = thrownBy(() => stream.push(Uint8Array.of(0xc0, 0x00, ...bad)));
    const later = [[0xc0, 0x00], [], [0x00]].map((bytes) => thrownBy(() => stream.push(Uint8Array.of(...bytes))));
    expect(later.every((error) => error === first)).toBe(true);
  });

  test('leaves nothing buffered', () => {
    const stream = new PacketStream(v5);
    stream.push(Uint8Array.of(0x40, 0x02, 0x00));
    thrownBy(() => stream.push(Uint8Array.of(0x00, 0xc0)));
    expect(stream.bufferedBytes).toBe(0);
  });

  test('counts its offset from the first byte of its packet, however the packet was cut', () => {
    // PUBACK with a reason code that it cannot carry, in byte 4.
    const bytes = [0x40, 0x03, 0x00, 0x01, 0x92];
    const whole = pushed(v5, 0xc0, 0x00, ...bytes);
    const cuts = [1, 2, 3, 4].map((cut) => {
      const stream = new PacketStream(v5);
      stream.push(Uint8Array.of(0xc0, 0x00, ...bytes.slice(0, cut)));
      return thrownBy(() => stream.push(Uint8Array.of(...bytes.slice(cut))));
    });
    for (const error of [whole, ...cuts]) expect(error).toMatchObject({ problem: 'bad-reason-code', offset: 5 });
  });
});

describe('the largest packet to accept', () => {
  const packet: PublishPacket = {
    type: 'publish',
    topic: 't',
    payload: new Uint8Array(200).fill(1),
    qos: 0,
    retain: false,
    dup: false,
  };
  const bytes = encode(packet, '5.0');
  const chunkings = { whole: bytes.length, halves: bytes.length / 2, bytes: 1 };

  function pushInChunks(maximumPacketBytes: number, size: number): unknown[] {
    const stream = new PacketStream({ ...v5, maximumPacketBytes });
    const count = Math.ceil(bytes.length / size);
    return Array.from({ length: count }, (_, index) =>
      stream.push(bytes.slice(index * size, (index + 1) * size)),
    ).flat();
  }

  test.each(Object.entries(chunkings))('has exactly the limit (%s)', (_name, size) => {
    expect(pushInChunks(bytes.length, size)).toEqual([packet]);
    expect(thrownBy(() => pushInChunks(bytes.length - 1, size))).toMatchObject({
      problem: 'packet-too-large',
      reasonCode: 0x95,
    });
  });

  test('counts for each packet and not for all together', () => {
    const stream = new PacketStream({ ...v5, maximumPacketBytes: bytes.length });
    const both = Uint8Array.from(Buffer.concat([bytes, bytes]));
    expect(stream.push(both)).toHaveLength(2);
  });

  test('[5.0 MQTT-3.1.2-24] is decided by the header, before a byte of the body is there', () => {
    const limited = { ...v5, maximumPacketBytes: 1000 };
    // PUBLISH, 200 million bytes follow.
    expect(pushed(limited, 0x30, 0x80, 0x84, 0xaf, 0x5f)).toMatchObject({ problem: 'packet-too-large' });
    const stream = new PacketStream(limited);
    for (const byte of [0x30, 0x80, 0x84, 0xaf]) expect(stream.push(Uint8Array.of(byte))).toEqual([]);
    expect(thrownBy(() => stream.push(Uint8Array.of(0x5f)))).toMatchObject({
      problem: 'packet-too-large',
      reasonCode: 0x95,
    });
    expect(stream.bufferedBytes).toBe(0);
  });

  test('comes with the sound packets before it', () => {
    const error = pushed({ ...v5, maximumPacketBytes: 10 }, 0xc0, 0x00, 0x30, 0x7f);
    expect(error).toMatchObject({ problem: 'packet-too-large', packets: [{ type: 'pingreq' }] });
  });
});

test('a stream refuses the same bytes for the same reason wherever they are cut', () => {
  const options = { ...v5, role: 'server', maximumPacketBytes: 100 } as const;
  const streams = {
    'reserved flags, and too large': [0x41, 0xff, 0x7f],
    'wrong direction, and too large': [0x20, 0xff, 0x7f],
    'reserved type, and a bad length': [0x00, 0x80, 0x00],
    'reserved flags, and a bad length': [0x41, 0xff, 0xff, 0xff, 0xff],
  };
  for (const [title, stream] of Object.entries(streams)) {
    const whole = pushed(options, ...stream) as MalformedPacketError;
    const cut = pushed(options, stream[0] ?? 0) as MalformedPacketError;
    expect([title, whole.problem]).toEqual([title, cut.problem]);
  }
});
