/** Packets without the network around them: link type 252, "Wireshark Upper PDU". A list of tags, then the packet. */
import { bytesOf, shownText } from '../platform-text.ts';
import { ByteView } from './byte-view.ts';
import type { CaptureEvent } from './capture-event.ts';
import type { LinkFrame } from './link-frame.ts';

export const EXPORTED_PDU = 252;

/** How the comment of a packet begins that a reader marked; those of findings begin with an id. */
export const MARK = 'marked: ';

const DISSECTOR = 12;
const IPV4_SOURCE = 20;
const IPV4_TARGET = 21;
const PORT_TYPE = 24;
const SOURCE_PORT = 25;
const TARGET_PORT = 26;
const OVER_TCP = 2;
const INBOUND = 1;
const OUTBOUND = 2;

export interface PduAddress {
  readonly client: readonly [address: string, port: number];
  readonly server: readonly [address: string, port: number];
}

/** The tags in front of a packet. */
export function pduHeader({ client, server }: PduAddress, isFromClient: boolean): Uint8Array {
  const [source, target] = isFromClient ? [client, server] : [server, client];
  return Uint8Array.from([
    ...tag(DISSECTOR, bytesOf('mqtt')),
    ...tag(IPV4_SOURCE, source[0].split('.').map(Number)),
    ...tag(IPV4_TARGET, target[0].split('.').map(Number)),
    ...tag(PORT_TYPE, u32(OVER_TCP)),
    ...tag(SOURCE_PORT, u32(source[1])),
    ...tag(TARGET_PORT, u32(target[1])),
    ...tag(0, []),
  ]);
}

/** Seen from the server, as a capture beside it would. */
export function flowOf(isFromClient: boolean): number {
  return isFromClient ? INBOUND : OUTBOUND;
}

function tag(type: number, value: Iterable<number>): number[] {
  const bytes = [...value];
  const padding = -bytes.length & 3;
  return [0, type, 0, bytes.length + padding, ...bytes, ...Array.from({ length: padding }, () => 0)];
}

function u32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

/** `undefined` when it is not MQTT. */
export function eventOfPdu({ at, bytes, size, flow, mark }: LinkFrame): CaptureEvent | undefined {
  const view = new ByteView(bytes, false);
  const tags = new Map<number, Uint8Array>();
  let next = 0;
  while (next + 4 <= view.length) {
    const [type, length] = [view.u16(next), view.u16(next + 2)];
    next += 4 + length;
    if (type === 0) break;
    tags.set(type, view.slice(next - length, next));
  }
  if (shownText(tags.get(DISSECTOR) ?? new Uint8Array(0)).replaceAll('\0', '') !== 'mqtt') return undefined;
  const end = (address: number, port: number): string =>
    `${tags.get(address)?.join('.') ?? '0.0.0.0'}:${new ByteView(tags.get(port) ?? new Uint8Array(0), false).u32(0)}`;
  const [source, target] = [end(IPV4_SOURCE, SOURCE_PORT), end(IPV4_TARGET, TARGET_PORT)];
  const isFromClient = flow === 0 ? target.endsWith(':1883') : flow === INBOUND;
  const packet = bytes.subarray(next);
  return {
    type: 'packet',
    connection: isFromClient ? `${source}-${target}` : `${target}-${source}`,
    direction: isFromClient ? 'c2s' : 's2c',
    at,
    bytes: packet,
    size: packet.length + size - bytes.length,
    isGarbage: false,
    isCut: false,
    ...(mark !== undefined && { mark }),
  };
}
