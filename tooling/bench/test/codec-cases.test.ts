import { describe, expect, test } from 'vitest';
import type { Packet } from '@omqtt/codec';
import { decodeContest, encodeContest } from '../src/codec/benchmark.ts';
import { casePlans, makeCase, type CodecCase } from '../src/codec/cases.ts';
import { MiscountError, runChecked, type Contest, type Contestant } from '../src/contest.ts';

// More than one chunk of 64 KiB of the smallest messages, so that some packets lie across an end.
const cases = casePlans.map((plan) => makeCase(plan, 1000));
const named = cases.flatMap((codecCase) =>
  [decodeContest, encodeContest].map((contestOf) => ({
    codecCase,
    contestOf,
    name: `${contestOf.name} ${codecCase.name}`,
  })),
);

describe.each(named)('the contest "$name"', ({ codecCase, contestOf }) => {
  const { expected } = contestOf(codecCase);

  test('can be run again and again by everyone', async () => {
    for (const contestant of contestants(contestOf(codecCase))) {
      await runChecked(contestant, expected);
      await expect(runChecked(contestant, expected)).resolves.toBeUndefined();
    }
  });

  test('does not count when a packet is missing', async () => {
    const lacking = contestOf({ ...codecCase, packets: codecCase.packets.slice(1) });
    for (const contestant of contestants(lacking)) {
      await expect(runChecked(contestant, expected)).rejects.toThrow(MiscountError);
    }
  });
});

// Nothing in a short acknowledgement can be shorter.
test.each(named.filter(({ codecCase }) => codecCase.name !== 'PUBACK, short'))(
  'the contest "$name" does not count when a packet is shorter',
  async ({ codecCase, contestOf }) => {
    const { expected } = contestOf(codecCase);
    const lacking = contestOf(withShorterPacket(codecCase));
    expect(lacking.expected.packets).toBe(expected.packets);
    for (const contestant of contestants(lacking)) {
      await expect(runChecked(contestant, expected)).rejects.toThrow(MiscountError);
    }
  },
);

test('the changing cases have more topics than a cache of strings would keep', () => {
  const changing = casePlans.filter(({ name }) => name.includes('changing'));
  expect(changing.map((plan) => countTopics(makeCase(plan)))).toEqual([20_000, 20_000]);
});

test('a message of the plain cases has 64 bytes under a topic of 29', () => {
  const [packet] = cases[0]?.packets ?? [];
  expect(packet?.type === 'publish' && [packet.topic.length, packet.payload.length]).toEqual([29, 64]);
});

function countTopics({ packets }: CodecCase): number {
  return new Set(packets.map((packet) => 'topic' in packet && packet.topic)).size;
}

function contestants({ ours, peers }: Contest): Contestant[] {
  return [ours, ...peers];
}

function withShorterPacket(codecCase: CodecCase): CodecCase {
  const [first, ...rest] = codecCase.packets;
  return first === undefined ? codecCase : { ...codecCase, packets: [shorten(first), ...rest] };
}

function shorten(packet: Packet): Packet {
  switch (packet.type) {
    case 'publish':
      return { ...packet, payload: packet.payload.subarray(1) };
    case 'connect':
      return { ...packet, clientId: packet.clientId.slice(1) };
    case 'subscribe':
      return { ...packet, subscriptions: packet.subscriptions.slice(1) };
    case 'puback':
      return packet.properties ? { ...packet, properties: { reasonString: 'too many' } } : packet;
    default:
      return packet;
  }
}
