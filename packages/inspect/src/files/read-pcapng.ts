/** The newer capture file: a list of blocks, of which some are frames. */
import { shownText } from '../platform-text.ts';
import { ByteView } from './byte-view.ts';
import { MARK } from './exported-pdu.ts';
import type { LinkFrame, LinkFrames } from './link-frame.ts';

const SECTION = 0x0a0d_0d0a;
const INTERFACE = 1;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const LITTLE = 0x1a2b_3c4d;
/** Type and length in front, and the length again behind. */
const AROUND = 12;

interface Link {
  readonly linkType: number;
  readonly unitsInMs: number;
}

interface Reading {
  readonly view: ByteView;
  links: Link[];
  readonly frames: LinkFrame[];
}

export function isPcapng(bytes: Uint8Array): boolean {
  return new ByteView(bytes, true).u32(0) === SECTION;
}

export function readPcapng(bytes: Uint8Array): LinkFrames {
  const reading: Reading = { view: new ByteView(bytes, true), links: [], frames: [] };
  const { view, frames } = reading;
  let at = 0;
  while (at + AROUND <= view.length) {
    // Each section says its byte order, and its type is the same in both.
    if (view.u32(at) === SECTION) {
      view.isLittleEndian = true;
      view.isLittleEndian = view.u32(at + 8) === LITTLE;
      reading.links = [];
    }
    const size = view.u32(at + 4);
    if (size < AROUND || size % 4 !== 0 || at + size > view.length) break;
    readBlock(reading, at, at + size - 4);
    at += size;
  }
  return { frames, problems: at < view.length ? [`the file ends within the block at byte ${at}`] : [] };
}

function readBlock({ view, links, frames }: Reading, start: number, end: number): void {
  const type = view.u32(start);
  const body = start + 8;
  if (type === INTERFACE) links.push({ linkType: view.u16(body), unitsInMs: unitsOf(view, body + 8, end) });
  if (type === SIMPLE_PACKET) {
    const size = view.u32(body);
    const kept = Math.min(size, end - body - 4);
    frames.push({
      at: 0,
      linkType: links[0]?.linkType ?? 1,
      bytes: view.slice(body + 4, body + 4 + kept),
      size,
      flow: 0,
    });
  }
  if (type !== ENHANCED_PACKET) return;
  const link = links[view.u32(body)];
  const kept = view.u32(body + 12);
  if (link === undefined || body + 20 + kept > end) return;
  const units = (BigInt(view.u32(body + 4)) << 32n) | BigInt(view.u32(body + 8));
  const frame = view.slice(body + 20, body + 20 + kept);
  const options = body + 20 + Math.ceil(kept / 4) * 4;
  const flags = optionsOf(view, options, end).get(2);
  frames.push({
    at: toMs(units, link.unitsInMs),
    linkType: link.linkType,
    bytes: frame,
    size: Math.max(kept, view.u32(body + 16)),
    flow: flags === undefined ? 0 : view.u32(flags) & 3,
    mark: markIn(view, options, end),
  });
}

/** Whole milliseconds apart from the rest: together the units are more than a number can count. */
function toMs(units: bigint, unitsInMs: number): number {
  if (unitsInMs < 1) return Number(units) / unitsInMs;
  const divisor = BigInt(Math.round(unitsInMs));
  return Number(units / divisor) + Number(units % divisor) / unitsInMs;
}

const TIME_RESOLUTION = 9;

/** Microseconds unless the interface says otherwise: a power of ten, or of two when the highest bit is set. */
function unitsOf(view: ByteView, start: number, end: number): number {
  const option = optionsOf(view, start, end).get(TIME_RESOLUTION);
  if (option === undefined) return 1e3;
  const value = view.u8(option);
  return (value & 0x80 ? 2 ** (value & 0x7f) : 10 ** value) / 1000;
}

const COMMENT = 1;

/** A packet may have several comments. */
function markIn(view: ByteView, start: number, end: number): string | undefined {
  for (const [code, from, to] of eachOption(view, start, end)) {
    const text = code === COMMENT ? shownText(view.slice(from, Math.min(to, end))) : '';
    if (text.startsWith(MARK)) return text.slice(MARK.length);
  }
  return undefined;
}

/** Where the value of each option begins. */
function optionsOf(view: ByteView, start: number, end: number): Map<number, number> {
  return new Map(Array.from(eachOption(view, start, end), ([code, from]) => [code, from]));
}

function* eachOption(
  view: ByteView,
  start: number,
  end: number,
): Generator<readonly [code: number, from: number, to: number]> {
  let at = start;
  while (at + 4 <= end) {
    const [code, length] = [view.u16(at), view.u16(at + 2)];
    if (code === 0) return;
    yield [code, at + 4, at + 4 + length];
    at += 4 + Math.ceil(length / 4) * 4;
  }
}
