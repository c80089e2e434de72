/** `pnpm bench codec`: our codec against mqtt-packet, and against what the runtime allows at best. */
import type { Benchmark, Contest, Peer } from '../contest.ts';
import { bareDecoder, bareEncoder } from './bare-limit.ts';
import { casePlans, makeCase, type CodecCase } from './cases.ts';
import { fieldBytes } from './field-bytes.ts';
import { peerBufferEncoder, peerDecoder, peerStreamEncoder } from './mqtt-packet-contestants.ts';
import { ourDecoder, ourEncoder } from './our-contestants.ts';
import { wireBytes } from './wire.ts';

export const codecBenchmark: Benchmark = {
  summary: 'packets to bytes and back, against mqtt-packet 9.0.2',
  contests: [
    ...casePlans.map((plan) => ({ name: `decode ${plan.name}`, prepare: () => decodeContest(makeCase(plan)) })),
    ...casePlans.map((plan) => ({ name: `encode ${plan.name}`, prepare: () => encodeContest(makeCase(plan)) })),
  ],
};

export function decodeContest(codecCase: CodecCase): Contest {
  const { packets, budget, hasBareLimit } = codecCase;
  const bytes = packets.reduce((sum, packet) => sum + fieldBytes(packet), 0);
  return {
    expected: { packets: packets.length, bytes },
    ours: ourDecoder(codecCase),
    peers: [promised(peerDecoder(codecCase), budget?.decode), ...(hasBareLimit ? [bareDecoder(codecCase)] : [])],
  };
}

export function encodeContest(codecCase: CodecCase): Contest {
  const { packets, version, budget, hasBareLimit } = codecCase;
  return {
    expected: { packets: packets.length, bytes: wireBytes(packets, version).length },
    ours: ourEncoder(codecCase),
    peers: [
      promised(peerStreamEncoder(codecCase), budget?.encode),
      peerBufferEncoder(codecCase),
      ...(hasBareLimit ? [bareEncoder(codecCase)] : []),
    ],
  };
}

function promised(peer: Peer, budget: number | undefined): Peer {
  return budget === undefined ? peer : { ...peer, budget };
}
