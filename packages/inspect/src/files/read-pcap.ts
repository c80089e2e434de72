/** The classic capture file: a header, then frames. */
import { ByteView } from './byte-view.ts';
import type { LinkFrame, LinkFrames } from './link-frame.ts';

const HEADER = 24;
const FRAME_HEADER = 16;

/** Magic numbers, read as little endian: whether the file is, and how many of its time units are a millisecond. */
const magics: ReadonlyMap<number, readonly [isLittleEndian: boolean, unitsInMs: number]> = new Map([
  [0xa1b2_c3d4, [true, 1e3]],
  [0xa1b2_3c4d, [true, 1e6]],
  [0xd4c3_b2a1, [false, 1e3]],
  [0x4d3c_b2a1, [false, 1e6]],
]);

export function isPcap(bytes: Uint8Array): boolean {
  return magics.has(new ByteView(bytes, true).u32(0));
}

export function readPcap(bytes: Uint8Array): LinkFrames {
  const [isLittleEndian = true, unitsInMs = 1e3] = magics.get(new ByteView(bytes, true).u32(0)) ?? [];
  const view = new ByteView(bytes, isLittleEndian);
  // The upper bits say whether frames end with a checksum, which nobody needs here.
  const linkType = view.u32(20) & 0xffff;
  const frames: LinkFrame[] = [];
  let at = HEADER;
  while (at + FRAME_HEADER <= view.length) {
    const kept = view.u32(at + 8);
    const start = at + FRAME_HEADER;
    if (start + kept > view.length) break;
    const time = view.u32(at) * 1000 + view.u32(at + 4) / unitsInMs;
    const size = Math.max(kept, view.u32(at + 12));
    frames.push({ at: time, linkType, bytes: view.slice(start, start + kept), size, flow: 0 });
    at = start + kept;
  }
  return { frames, problems: at < view.length ? [`the file ends within frame ${frames.length + 1}`] : [] };
}
