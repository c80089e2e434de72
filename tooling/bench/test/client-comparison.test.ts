import { expect, test } from 'vitest';
import { compareClients, contestantsOf } from '../src/client/comparison.ts';
import type { Load } from '../src/client/loads.ts';

const small = { name: 'small', payloadBytes: 64, window: 10, messages: 200 } as const;

test.each<Load>([
  { ...small, kind: 'publish', qos: 0 },
  { ...small, kind: 'publish', qos: 2 },
  { ...small, kind: 'receive', qos: 1 },
])(
  'every client gets every message through: $kind at QoS $qos',
  async (load) => {
    const samples = await compareClients(load, 1);
    expect(samples).toHaveLength(contestantsOf(load).length);
    for (const rounds of samples) expect(rounds[0]?.nanoseconds).toBeGreaterThan(0);
  },
  60_000,
);
