/** Everything that has to hold for a case, whatever its bytes. */
import { isDeepStrictEqual } from 'node:util';
import {
  InvalidPacketError,
  MalformedPacketError,
  type decode,
  type encode,
  type Packet,
  type PacketStream,
  type PacketStreamOptions,
  type Problem,
  type ProtocolVersion,
} from '@omqtt/codec';
import type { FuzzCase } from './fuzz-case.ts';

/** The codec, or one in which a test has planted a bug. */
export interface CodecUnderTest {
  readonly decode: typeof decode;
  readonly encode: typeof encode;
  readonly openStream: (options: PacketStreamOptions) => Pick<PacketStream, 'push' | 'version' | 'bufferedBytes'>;
}

/** What a stream made of the bytes. */
export interface Outcome {
  readonly packets: readonly Packet[];
  readonly problem: Problem | undefined;
  /** Where the problem is, counted from the beginning of its packet. */
  readonly offset: number | undefined;
  readonly version: ProtocolVersion | 'auto';
  readonly bufferedBytes: number;
}

/** Something that must not happen did. */
class ViolationError extends Error {
  override readonly name = 'ViolationError';
}

/** Throws a `ViolationError`, or what escaped from the codec. */
export function examine(codec: CodecUnderTest, subject: FuzzCase): Outcome {
  const { bytes, chunks, packetCount } = subject;
  const whole = feed(codec, subject, [bytes]);
  expectSameOutcome(whole, feed(codec, subject, chunks));
  if (packetCount !== undefined && !isWhollyRead(whole, packetCount)) {
    throw new ViolationError(`${packetCount} valid packets came out as ${whole.packets.length} (${whole.problem})`);
  }
  expectSameFromDecode(codec, subject, whole);
  expectSameFromBystander(codec, subject, whole);
  if (whole.version === 'auto') return whole;
  for (const packet of whole.packets) expectRoundTrip(codec, packet, whole.version);
  return whole;
}

function feed(codec: CodecUnderTest, subject: FuzzCase, chunks: readonly Uint8Array[]): Outcome {
  const { version, role, maximumPacketBytes } = subject;
  const stream = codec.openStream({ version, role, maximumPacketBytes });
  const packets: Packet[] = [];
  let problem: Problem | undefined;
  let offset: number | undefined;
  for (const chunk of chunks) {
    try {
      packets.push(...stream.push(chunk));
    } catch (error) {
      if (!(error instanceof MalformedPacketError)) throw error;
      expectFinality(stream, error, subject);
      packets.push(...error.packets);
      ({ problem, offset } = error);
      break;
    }
  }
  return { packets, problem, offset, version: stream.version, bufferedBytes: stream.bufferedBytes };
}

/** After an error nobody can tell where the next packet begins. */
function expectFinality(
  stream: ReturnType<CodecUnderTest['openStream']>,
  error: MalformedPacketError,
  { bytes }: FuzzCase,
): void {
  const { offset, reasonCode } = error;
  if (!(offset >= 0 && offset <= bytes.length)) throw new ViolationError(`the offset ${offset} lies outside`);
  if (reasonCode < 0x80) throw new ViolationError(`${reasonCode} is no reason to close a connection`);
  if (stream.bufferedBytes > 0) throw new ViolationError('bytes are held after an error');
  try {
    stream.push(Uint8Array.of(0xc0, 0x00));
  } catch (again) {
    if (again === error) return;
  }
  throw new ViolationError('a stream goes on after an error');
}

function expectSameOutcome(whole: Outcome, pieces: Outcome): void {
  if (!isDeepStrictEqual(whole, pieces)) {
    throw new ViolationError(`in chunks ${describe(pieces)}, in one piece ${describe(whole)}`);
  }
}

function isWhollyRead({ packets, problem, bufferedBytes }: Outcome, count: number): boolean {
  return packets.length === count && problem === undefined && bufferedBytes === 0;
}

/** `decode` takes what the stream takes as exactly one packet, and makes the same of it. */
function expectSameFromDecode(codec: CodecUnderTest, subject: FuzzCase, whole: Outcome): void {
  const { version, role, maximumPacketBytes, bytes } = subject;
  if (version === 'auto' || maximumPacketBytes !== Infinity) return;
  const expected = isWhollyRead(whole, 1) ? whole.packets[0] : undefined;
  let packet: Packet | undefined;
  try {
    packet = codec.decode(bytes, version, { role });
  } catch (error) {
    if (!(error instanceof MalformedPacketError)) throw error;
  }
  if (!isDeepStrictEqual(packet, expected)) {
    throw new ViolationError(`decode: ${packet?.type}, PacketStream: ${describe(whole)}`);
  }
}

/** Who listens to both sides accepts what each of them does. */
function expectSameFromBystander(codec: CodecUnderTest, subject: FuzzCase, whole: Outcome): void {
  if (subject.role === 'either') return;
  const bystander = feed(codec, { ...subject, role: 'either' }, [subject.bytes]);
  const heard = bystander.packets.slice(0, whole.packets.length);
  if (!isDeepStrictEqual(heard, whole.packets)) {
    throw new ViolationError(`role ${subject.role} reads ${describe(whole)}, either reads ${describe(bystander)}`);
  }
}

/** What was decoded can be encoded, and says the same; the encoder's own bytes come back bit by bit. */
function expectRoundTrip(codec: CodecUnderTest, packet: Packet, version: ProtocolVersion): void {
  let encoded: Uint8Array;
  try {
    encoded = codec.encode(packet, version);
  } catch (error) {
    if (error instanceof InvalidPacketError && isReadButNeverWritten(packet, version)) return;
    throw error;
  }
  const again = codec.decode(encoded, version);
  if (!isDeepStrictEqual(again, packet)) throw new ViolationError(`${packet.type} changes when it is encoded again`);
  const twice = codec.encode(again, version);
  if (!isDeepStrictEqual(twice, encoded)) throw new ViolationError(`${packet.type} has two encodings`);
}

/**
 * The one packet that is accepted from others and refused from ourselves: in 3.1.1 a client without an id and without a
 * clean session breaks [MQTT-3.1.3-7], but a server has to read its CONNECT to answer 0x02 [MQTT-3.1.3-8].
 */
function isReadButNeverWritten(packet: Packet, version: ProtocolVersion): boolean {
  return version === '3.1.1' && packet.type === 'connect' && packet.clientId === '' && !packet.cleanStart;
}

function describe({ packets, problem, offset, bufferedBytes }: Outcome): string {
  const types = packets.map(({ type }) => type).join(' ') || 'nothing';
  const end = problem === undefined ? 'no problem' : `${problem} at byte ${offset}`;
  return `${types}, ${end}, ${bufferedBytes} bytes held`;
}
