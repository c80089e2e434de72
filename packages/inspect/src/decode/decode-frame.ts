/** One frame to what it says: by the strict decoder when it is sound, field by field when it is not. */
import { decode, MalformedPacketError, packetTypes, type ProtocolVersion } from '@omqtt/codec';
import { receiverOf, senderOf, type Direction } from '../direction.ts';
import { findingOf, type Finding } from '../lint/finding.ts';
import type { RecordType } from '../packet-record.ts';
import { textOf } from '../platform-text.ts';
import type { InspectedPacket } from './inspected-packet.ts';
import { readPacket } from './read-packet.ts';

export interface FrameFacts {
  readonly version: ProtocolVersion;
  readonly direction: Direction;
  /** How long it was on the wire. */
  readonly size: number;
  readonly isOld: boolean;
}

/** One list for all packets of which there is nothing to say. */
const NONE: readonly Finding[] = [];

export interface DecodedFrame {
  readonly type: RecordType;
  readonly packet: InspectedPacket | undefined;
  readonly findings: readonly Finding[];
}

export function decodeFrame(bytes: Uint8Array, facts: FrameFacts): DecodedFrame {
  let refusal: MalformedPacketError | undefined;
  if (facts.size === bytes.length) {
    try {
      const packet = decode(bytes, facts.version, { role: receiverOf(facts.direction) });
      if (!needsSecondLook(packet)) return { type: packet.type, packet, findings: NONE };
    } catch (error) {
      if (!(error instanceof MalformedPacketError)) throw error;
      refusal = error;
    }
  }
  return readWithFindings(bytes, facts, refusal);
}

/** What the strict decoder takes, and a reader may still wonder about. */
function needsSecondLook(packet: InspectedPacket): boolean {
  // The codec reads it, so that a server can answer it.
  if (packet.type === 'connect') return packet.version === '3.1.1' && packet.clientId === '' && !packet.cleanStart;
  if (packet.type !== 'publish' || packet.properties?.payloadFormatIndicator !== 1 || !packet.payload) return false;
  return textOf(packet.payload) === undefined;
}

function readWithFindings(
  bytes: Uint8Array,
  facts: FrameFacts,
  refusal: MalformedPacketError | undefined,
): DecodedFrame {
  const { version, direction, size, isOld } = facts;
  const sender = senderOf(direction);
  const { packet, faults } = readPacket(bytes, { version, sender, isOld, isShortened: size > bytes.length });
  // A CONNECT says itself which version it is.
  const spoken = packet?.type === 'connect' ? (packet.version ?? version) : version;
  const findings = faults
    .map(({ rule, ...rest }) => findingOf(rule, { ...rest, version: spoken, side: sender }))
    .filter((finding) => finding !== undefined);
  const isRefused = refusal !== undefined && !(isOld || isOldConnect(bytes));
  if (isRefused && !findings.some(({ severity }) => severity !== 'warning')) {
    findings.push(...findingOfRefusal(refusal, facts, bytes.length));
  }
  return { type: packet?.type ?? typeOf(bytes), packet, findings };
}

/** The strict decoder saw what the reader did not. */
function findingOfRefusal(refusal: MalformedPacketError, facts: FrameFacts, end: number): Finding[] {
  const { version, direction } = facts;
  const { offset, statement, problem } = refusal;
  const finding = findingOf('refused', {
    version,
    side: senderOf(direction),
    start: Math.min(offset, end),
    end,
    detail: problem.replaceAll('-', ' '),
    ...(statement !== undefined && { ids: statement.replace('MQTT-', '') }),
  });
  return finding ? [finding] : [];
}

/** MQTT 3.1 calls itself MQIsdp, which the strict decoder does not know. */
export function isOldConnect(bytes: Uint8Array): boolean {
  return (bytes[0] ?? 0) >>> 4 === 1 && String.fromCharCode(...bytes.subarray(2, 14)).includes('MQIsdp');
}

function typeOf(bytes: Uint8Array): RecordType {
  return packetTypes.find(({ number }) => number === (bytes[0] ?? 0) >>> 4)?.type ?? 'reserved';
}

/** Whether the bytes are one packet that the strict decoder takes, in either version. */
export function isSoundPacket(bytes: Uint8Array, version: ProtocolVersion | undefined, direction: Direction): boolean {
  return (version ? [version] : (['5.0', '3.1.1'] as const)).some((each) => {
    try {
      decode(bytes, each, { role: receiverOf(direction) });
      return true;
    } catch {
      return false;
    }
  });
}
