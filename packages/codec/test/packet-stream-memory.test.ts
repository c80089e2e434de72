import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { PacketStream } from '../src/index.ts';

test('a stream that waits keeps no chunk alive', async () => {
  const stream = new PacketStream({ version: '5.0' });
  const chunk = pushPings(stream);
  // A weak reference holds until the turn ends.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();

  expect(chunk.deref()).toBeUndefined();
  expect(stream.bufferedBytes).toBe(0);
});

// In a function of its own, so that nothing here refers to the chunk any more.
function pushPings(stream: PacketStream): WeakRef<Uint8Array> {
  const chunk = Uint8Array.of(0xc0, 0x00, 0xc0, 0x00);
  expect(stream.push(chunk)).toHaveLength(2);
  return new WeakRef(chunk);
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}
