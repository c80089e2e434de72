import { expect, test } from 'vitest';
import { Frames } from '../src/client/frames.ts';

test('packets are found however their bytes are cut', () => {
  // PUBACK with id 7, PINGRESP, and PUBLISH with a body of 130 bytes.
  const bytes = Uint8Array.from([0x40, 2, 0, 7, 0xd0, 0, 0x30, 0x82, 0x01, ...Array.from({ length: 130 }, () => 1)]);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const found: (readonly number[])[] = [];
    const frames = new Frames(({ bytes: all, start, body, end }) => found.push([all[start] ?? 0, end - body]));
    frames.push(bytes.subarray(0, cut));
    frames.push(bytes.subarray(cut));
    expect(found).toEqual([
      [0x40, 2],
      [0xd0, 0],
      [0x30, 130],
    ]);
  }
});
