import { expect, test } from 'vitest';
import { Inspection } from '../src/index.ts';
import { bytesOfHex } from './conversation.ts';

test('[5.0 MQTT-3.1.2-20] a client that takes its time to send one large packet is not silent', () => {
  const inspection = new Inspection();
  const tell = (direction: 'c2s' | 's2c', hex: string, seconds: number) =>
    inspection.bytes('one', direction, { chunk: bytesOfHex(hex), at: seconds * 1000 });
  tell('c2s', '100e00044d5154540502000a00000163', 0);
  tell('s2c', '2003000000', 0);
  for (let seconds = 5; seconds <= 50; seconds += 5) tell('c2s', seconds === 5 ? '300d000161' : '00', seconds);
  const [last] = tell('c2s', '00', 55);
  expect(last?.type).toBe('publish');
  expect(last?.findings).toEqual([]);
});
