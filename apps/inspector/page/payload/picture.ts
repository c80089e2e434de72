/** Pictures that a browser shows without running anything: told by their first bytes, never by what somebody says they are. */
import { element } from '../dom/element.ts';

const LARGEST_PICTURE_BYTES = 4_000_000;
/** A picture of few bytes can be one of many pixels. */
const MOST_PIXELS = 16_000_000;

const starts: readonly (readonly [type: string, at: number, bytes: readonly number[]])[] = [
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', 8, [0x57, 0x45, 0x42, 0x50]],
];

export function pictureType(bytes: Uint8Array): string | undefined {
  if (bytes.length > LARGEST_PICTURE_BYTES) return undefined;
  return starts.find(([, at, start]) => start.every((byte, index) => bytes[at + index] === byte))?.[0];
}

export function pictureView(bytes: Uint8Array, type: string): HTMLElement {
  const root = element('div', { class: 'picture' }, element('p', { class: 'quiet' }, 'Reading the picture…'));
  void draw(root, new Blob([bytes as BlobPart], { type }));
  return root;
}

async function draw(root: HTMLElement, blob: Blob): Promise<void> {
  try {
    const bitmap = await createImageBitmap(blob);
    const { width, height } = bitmap;
    const size = `${width} × ${height}`;
    if (width * height > MOST_PIXELS) return root.replaceChildren(say(`A picture of ${size} is not shown.`));
    const canvas = element('canvas', { width, height, role: 'img', 'aria-label': `Picture, ${size}` });
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    bitmap.close();
    root.replaceChildren(canvas, say(`${blob.type}, ${size}`));
  } catch {
    root.replaceChildren(say(`This is no sound ${blob.type}.`));
  }
}

function say(text: string): HTMLElement {
  return element('p', { class: 'quiet' }, text);
}
