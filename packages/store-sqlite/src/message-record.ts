/** A message as bytes: all that does not change while it waits. What changes is its state, which is kept beside. */
import type { StoredMessage } from '@omqtt/contracts';
import { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { decodeState } from './flight-state.ts';
import { readProperties, writeProperties } from './property-bytes.ts';

/*
 *   8  sequence
 *   1  flags: QoS in bits 0 and 1, retain, has expiry, has properties
 *   8  expiry, when there is one
 *   4+ topic
 *   …  properties, when there are some
 *   …  payload, to the end
 */
const RETAIN = 4;
const HAS_EXPIRY = 8;
const HAS_PROPERTIES = 16;
const QOS = 3;

export function writeRecord(writer: ByteWriter, message: StoredMessage): void {
  const { sequence, qos, retain, expiresAt, properties, topic, payload } = message;
  writer.number(sequence);
  writer.byte(
    qos |
      (retain ? RETAIN : 0) |
      (expiresAt === undefined ? 0 : HAS_EXPIRY) |
      (properties === undefined ? 0 : HAS_PROPERTIES),
  );
  if (expiresAt !== undefined) writer.number(expiresAt);
  writer.text(topic);
  if (properties !== undefined) writeProperties(writer, properties);
  writer.bytes(payload);
}

/** `state` and `record` were found sound by whoever read them from the file. */
export function readRecord(state: number, record: Uint8Array): StoredMessage {
  const reader = new ByteReader(record);
  const sequence = reader.number();
  const flags = reader.byte();
  const expiresAt = flags & HAS_EXPIRY ? reader.number() : undefined;
  const topic = reader.text();
  const properties = flags & HAS_PROPERTIES ? readProperties(reader) : undefined;
  const payload = reader.bytes(reader.rest);
  const { stage, packetId } = decodeState(state) ?? { stage: 'waiting', packetId: 0 };
  return {
    sequence,
    stage,
    ...(packetId === 0 ? {} : { packetId }),
    topic,
    payload,
    qos: (flags & QOS) as StoredMessage['qos'],
    retain: (flags & RETAIN) !== 0,
    ...(properties === undefined ? {} : { properties }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
