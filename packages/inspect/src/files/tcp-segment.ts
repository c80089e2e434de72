/** Finds the TCP segment in a frame, through whatever stands around it. */
import { ByteView } from './byte-view.ts';
import type { LinkFrame } from './link-frame.ts';

export interface TcpSegment {
  readonly at: number;
  /** Address and port. */
  readonly from: string;
  readonly to: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly sequence: number;
  readonly isSyn: boolean;
  readonly isAck: boolean;
  readonly isFin: boolean;
  readonly isReset: boolean;
  readonly payload: Uint8Array;
}

/** `undefined` for all that is not TCP over IP. */
export function segmentOf(frame: LinkFrame): TcpSegment | undefined {
  const view = new ByteView(frame.bytes, false);
  const start = networkStart(view, frame.linkType);
  if (start === undefined) return undefined;
  const version = view.u8(start) >>> 4;
  if (version === 4) return fromIpv4(view, start, frame.at);
  return version === 6 ? fromIpv6(view, start, frame.at) : undefined;
}

export function isKnownLink(linkType: number): boolean {
  return linkType === 1 || linkType in fixedHeaders;
}

/** How many bytes stand before the IP header: BSD loopback, raw IP, Linux cooked. */
const fixedHeaders: Readonly<Record<number, number>> = {
  0: 4,
  108: 4,
  12: 0,
  14: 0,
  101: 0,
  228: 0,
  229: 0,
  113: 16,
  276: 20,
};

function networkStart(view: ByteView, linkType: number): number | undefined {
  if (linkType !== 1) return fixedHeaders[linkType];
  let at = 12;
  // VLAN tags, one in the other.
  while ([0x8100, 0x88a8, 0x9100].includes(view.u16(at))) at += 4;
  return [0x0800, 0x86dd].includes(view.u16(at)) ? at + 2 : undefined;
}

interface Place {
  readonly at: number;
  readonly source: string;
  readonly target: string;
  readonly start: number;
  readonly end: number;
}

function fromIpv4(view: ByteView, start: number, at: number): TcpSegment | undefined {
  const isFragment = (view.u16(start + 6) & 0x3fff) !== 0;
  if (view.u8(start + 9) !== TCP || isFragment) return undefined;
  const total = view.u16(start + 2);
  return fromTcp(view, {
    at,
    source: view.slice(start + 12, start + 16).join('.'),
    target: view.slice(start + 16, start + 20).join('.'),
    start: start + (view.u8(start) & 0x0f) * 4,
    // With segmentation offload the length may be 0.
    end: total === 0 ? view.length : Math.min(view.length, start + total),
  });
}

const TCP = 6;
/** Hop-by-hop, routing and destination options, which stand before TCP. */
const extensions: readonly number[] = [0, 43, 60];

function fromIpv6(view: ByteView, start: number, at: number): TcpSegment | undefined {
  let next = view.u8(start + 6);
  let header = start + 40;
  while (extensions.includes(next) && header < view.length) {
    next = view.u8(header);
    header += (view.u8(header + 1) + 1) * 8;
  }
  if (next !== TCP) return undefined;
  const total = view.u16(start + 4);
  return fromTcp(view, {
    at,
    source: ipv6(view, start + 8),
    target: ipv6(view, start + 24),
    start: header,
    end: total === 0 ? view.length : Math.min(view.length, start + 40 + total),
  });
}

function ipv6(view: ByteView, start: number): string {
  const groups = Array.from({ length: 8 }, (_, index) => view.u16(start + index * 2).toString(16));
  return `[${groups.join(':')}]`;
}

function fromTcp(view: ByteView, { at, source, target, start, end }: Place): TcpSegment | undefined {
  const header = (view.u8(start + 12) >>> 4) * 4;
  if (header < 20 || start + header > end) return undefined;
  const flags = view.u8(start + 13);
  const [fromPort, toPort] = [view.u16(start), view.u16(start + 2)];
  return {
    at,
    from: `${source}:${fromPort}`,
    to: `${target}:${toPort}`,
    fromPort,
    toPort,
    sequence: view.u32(start + 4),
    isFin: (flags & 1) !== 0,
    isSyn: (flags & 2) !== 0,
    isReset: (flags & 4) !== 0,
    isAck: (flags & 16) !== 0,
    payload: view.slice(start + header, end),
  };
}
