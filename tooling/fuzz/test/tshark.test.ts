/**
 * Packets that we encode, as tshark reads them: every field of every packet type, in both versions. What tshark says
 * comes from a decoder that shares nothing with this project.
 */
import { encode, type Packet, type ProtocolVersion, type Side } from '@omqtt/codec';
import { requirePeer } from '@omqtt/peers';
import { packetFrom } from '@omqtt/testkit/arbitraries';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sent } from './capture-file.ts';
import { dissect, type Dissected } from './tshark-dissection.ts';
import { expectedFields } from './tshark-fields.ts';

const tshark = requirePeer('tshark');
const versions: readonly ProtocolVersion[] = ['5.0', '3.1.1'];

interface Sample {
  readonly packet: Packet;
  readonly sender: Side;
}

describe.skipIf(tshark.isMissing).each(versions)('packets of %s, as tshark reads them', (version) => {
  // The seed is fixed, since a run of tshark is too slow for shrinking.
  const samples = (['client', 'server'] as const).flatMap((sender) =>
    fc.sample(packetFrom(version, sender), { seed: 1883, numRuns: 700 }).map((packet): Sample => ({ packet, sender })),
  );
  const dissected = tshark.isMissing ? [] : dissect(tshark.path, conversations(samples, version));
  const results = samples.map(({ packet }, stream) => ({ packet, found: lastOf(dissected, stream) }));

  test.each([...new Set(samples.map(({ packet }) => packet.type))])(
    'every field of %s is where it should be',
    (type) => {
      const ofType = results.filter(({ packet }) => packet.type === type);

      expect(ofType.length).toBeGreaterThan(30);
      for (const { packet, found } of ofType) {
        const { length } = encode(packet, version);
        expect(found.size).toBe(length);
        expect(found.fields).toEqual(expectedFields(packet, version, length));
      }
    },
  );

  test('every property of the version was among them', () => {
    const ids = dissected.flatMap(({ fields }) => fields.filter((field) => field.startsWith('mqtt.property_id ')));
    expect(new Set(ids).size).toBe(version === '5.0' ? 27 : 0);
  });

  test('nothing is malformed', () => {
    expect(new Set(dissected.flatMap(({ complaints }) => complaints).filter((text) => !harmless.has(text)))).toEqual(
      new Set(),
    );
  });
});

/** Binary data is shown as text, and an alias may stand for a topic of a connection that is not in the capture. */
const harmless: ReadonlySet<string> = new Set(['Trailing stray characters', 'Unknown topic alias']);

/** A connection for each packet, which begins with a CONNECT, because that is where tshark learns the version. */
function conversations(samples: readonly Sample[], version: ProtocolVersion): Sent[] {
  const connect = { type: 'connect', version, clientId: 'c', cleanStart: true, keepAliveSeconds: 0 } as const;
  return samples.flatMap(({ packet, sender }, stream) => {
    const sent = { stream, sender, bytes: encode(packet, version) };
    if (packet.type === 'connect') return [sent];
    return [{ stream, sender: 'client', bytes: encode(connect, version) }, sent];
  });
}

function lastOf(dissected: readonly Dissected[], stream: number): Dissected {
  const last = dissected.findLast((packet) => packet.stream === stream);
  if (last === undefined) throw new Error(`tshark has found nothing in stream ${stream}.`);
  return last;
}
