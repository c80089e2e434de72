/** What one hostile client sends: bytes, how they are cut, and how it leaves. It follows from seed and number alone. */
import type { ProtocolVersion } from '@omqtt/codec';
import type { Corpus } from './corpus.ts';
import { damage, joined } from './mutations.ts';
import { Random } from './random.ts';

export type Leaving = 'end' | 'reset' | 'wait';

export interface HostileCase {
  readonly number: number;
  readonly chunks: readonly Uint8Array[];
  /** `wait`: until the broker ends it, or some time has passed. */
  readonly leaving: Leaving;
}

export function makeHostileCase(seed: number, number: number, corpus: Corpus): HostileCase {
  const random = new Random(seed, number);
  const version = random.pick<ProtocolVersion>(['5.0', '3.1.1']);
  const bytes = makeBytes(random, corpus, version);
  const at = random.below(bytes.length + 1);
  const chunks = random.isOneIn(2) ? [bytes] : [bytes.slice(0, at), bytes.slice(at)];
  return { number, chunks, leaving: random.pick<Leaving>(['end', 'end', 'end', 'reset', 'wait']) };
}

/** Most are let in first: what comes behind a sound CONNECT gets further. */
function makeBytes(random: Random, corpus: Corpus, version: ProtocolVersion): Uint8Array {
  const connect = corpus.connect(version, random);
  const stream = Array.from({ length: random.below(8) }, () => corpus.packetFor('server', version, random));
  if (random.isOneIn(10)) return random.bytes(random.below(200));
  if (random.isOneIn(8)) return damage(joined(connect, ...stream), random);
  if (random.isOneIn(3)) return joined(connect, ...stream);
  return joined(connect, damage(joined(...stream), random));
}
