/** `@omqtt/codec`, used as a connection uses it. */
import { PacketEncoder, PacketStream } from '@omqtt/codec';
import type { Contestant } from '../contest.ts';
import type { CodecCase } from './cases.ts';
import { fieldBytes } from './field-bytes.ts';
import { CHUNK_BYTES, socketChunks, wireBytes } from './wire.ts';

export function ourDecoder({ packets, version }: CodecCase): Contestant {
  const chunks = socketChunks(wireBytes(packets, version));
  const stream = new PacketStream({ version });
  return {
    name: '@omqtt/codec',
    run() {
      let count = 0;
      let bytes = 0;
      for (const chunk of chunks) {
        for (const packet of stream.push(chunk)) {
          count += 1;
          bytes += fieldBytes(packet);
        }
      }
      return { packets: count, bytes };
    },
  };
}

export function ourEncoder({ packets, version }: CodecCase): Contestant {
  const encoder = new PacketEncoder({ version });
  return {
    name: '@omqtt/codec',
    run() {
      let count = 0;
      let bytes = 0;
      for (const packet of packets) {
        encoder.append(packet);
        count += 1;
        if (encoder.length >= CHUNK_BYTES) bytes += encoder.take().length;
      }
      return { packets: count, bytes: bytes + encoder.take().length };
    },
  };
}
