/** mqtt-packet, used as MQTT.js uses it. */
import { generate, parser, writeToStream } from 'mqtt-packet';
import type { Contestant } from '../contest.ts';
import type { CodecCase } from './cases.ts';
import { CountingStream } from './counting-stream.ts';
import { fieldBytesOfPeer } from './field-bytes.ts';
import { toPeerPacket } from './mqtt-packet-shape.ts';
import { CHUNK_BYTES, socketChunks, wireBytes } from './wire.ts';

export function peerDecoder({ packets, version }: CodecCase): Contestant {
  const chunks = socketChunks(wireBytes(packets, version));
  const decoder = parser({ protocolVersion: levelOf(version) });
  let count = 0;
  let bytes = 0;
  decoder.on('packet', (packet) => {
    count += 1;
    bytes += fieldBytesOfPeer(packet);
  });
  decoder.on('error', (error) => {
    throw error;
  });
  return {
    name: 'mqtt-packet',
    run() {
      count = 0;
      bytes = 0;
      for (const chunk of chunks) decoder.parse(chunk);
      return { packets: count, bytes };
    },
  };
}

/** Each packet is several writes to a corked stream, which is uncorked before the next turn of the event loop. */
export function peerStreamEncoder({ packets, version }: CodecCase): Contestant {
  const peerPackets = packets.map(toPeerPacket);
  const options = { protocolVersion: levelOf(version) };
  return {
    name: 'mqtt-packet stream',
    async run() {
      const stream = new CountingStream();
      let count = 0;
      let fill = CHUNK_BYTES;
      for (const packet of peerPackets) {
        writeToStream(packet, stream as unknown as NodeJS.WritableStream, options);
        count += 1;
        if (stream.bytes < fill) continue;
        fill += CHUNK_BYTES;
        await allTicks();
      }
      await allTicks();
      if (stream.error) throw stream.error;
      return { packets: count, bytes: stream.sentBytes };
    },
  };
}

export function peerBufferEncoder({ packets, version }: CodecCase): Contestant {
  const peerPackets = packets.map(toPeerPacket);
  const options = { protocolVersion: levelOf(version) };
  return {
    name: 'mqtt-packet generate',
    run() {
      let count = 0;
      let bytes = 0;
      for (const packet of peerPackets) {
        bytes += generate(packet, options).length;
        count += 1;
      }
      return { packets: count, bytes };
    },
  };
}

function levelOf(version: CodecCase['version']): number {
  return version === '5.0' ? 5 : 4;
}

// Ticks run in order: when this one does, those that uncork have run.
function allTicks(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
