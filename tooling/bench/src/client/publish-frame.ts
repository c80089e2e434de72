/** PUBLISH packets of a load, made before anything is measured. */
import { encode } from '@omqtt/codec';
import { type Load, TOPIC } from './loads.ts';

function publishFrame({ qos, payloadBytes }: Load, packetId: number): Uint8Array {
  const payload = new Uint8Array(payloadBytes).fill(0x78);
  const packet = { type: 'publish', topic: TOPIC, payload, qos, retain: false, dup: false } as const;
  return encode(qos === 0 ? packet : { ...packet, packetId }, '5.0');
}

export interface PublishFrames {
  readonly bytes: Buffer;
  readonly frameBytes: number;
}

/** So many frames, one behind the other, with ids from 1 on; and how long each is. */
export function publishFrames(load: Load, count: number): PublishFrames {
  const frames = Array.from({ length: count }, (_, index) => publishFrame(load, index + 1));
  return { bytes: Buffer.concat(frames), frameBytes: frames[0]?.length ?? 0 };
}
