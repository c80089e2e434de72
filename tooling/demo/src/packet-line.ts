/** A packet as one line for people. */
import { inspect } from 'node:util';
import { encode, reasonName, type Packet, type PacketType } from '@omqtt/codec';
import type { Direction } from './conversation.ts';

/** Direction, name, size, the first bytes, and what the packet says. */
export function lineOf(packet: Packet, direction: Direction): string {
  const { type, ...content } = packet;
  const bytes = encode(packet, '5.0');
  return [
    direction === 'to broker' ? '▶' : '◀',
    type.toUpperCase().padEnd(10),
    `${bytes.length} bytes`.padStart(9),
    ` ${hexOfStart(bytes)} `,
    readable(content, type),
  ]
    .join(' ')
    .trimEnd();
}

const shownBytes = 8;

function hexOfStart(bytes: Uint8Array): string {
  const hex = Array.from(bytes.subarray(0, shownBytes), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return (bytes.length > shownBytes ? `${hex} …` : hex).padEnd(shownBytes * 3 + 1);
}

/** Its members, with bytes as the text that they are here, and reason codes by name. */
function readable(content: object, type: PacketType): string {
  const members = Object.entries(content).map(([name, value]) => [name, withNames(name, value, type)]);
  if (members.length === 0) return '';
  return inspect(withText(Object.fromEntries(members)), { breakLength: Infinity, compact: true, depth: null });
}

function withNames(name: string, value: unknown, type: PacketType): unknown {
  if (name === 'reasonCode') return reasonName(Number(value), type);
  if (name === 'reasonCodes' && Array.isArray(value)) return value.map((code) => reasonName(Number(code), type));
  return value;
}

function withText(value: unknown): unknown {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (Array.isArray(value)) return value.map(withText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withText(member)]));
}
