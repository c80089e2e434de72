/** The bytes of a packet: 16 a line, each of them a place that can be chosen. Marks the range that the tree points at. */
import { button, element } from '../dom/element.ts';
import type { RangeLink } from './byte-range.ts';

const PER_LINE = 16;
/** More at a click: a packet may have a million of them, and each is two elements. */
const BYTES_AT_ONCE = 2048;

export class HexView {
  readonly root: HTMLElement = element('div', {
    class: 'hex',
    tabindex: 0,
    role: 'group',
    'aria-label': 'Bytes in hex. Arrow keys move, the tree follows.',
  });
  readonly #link: RangeLink;
  #bytes: Uint8Array = new Uint8Array(0);
  #shown = 0;
  #cells: HTMLElement[] = [];
  #marked: HTMLElement[] = [];
  #cursor = 0;

  constructor(link: RangeLink) {
    this.#link = link;
    link.on(() => this.#mark());
    this.root.addEventListener('click', (event) => {
      const target = event.target instanceof HTMLElement ? event.target.dataset['at'] : undefined;
      if (target !== undefined) this.#choose(Number(target));
    });
    this.root.addEventListener('keydown', (event) => this.#pressed(event));
  }

  show(bytes: Uint8Array, size: number): void {
    this.#bytes = bytes;
    this.#shown = 0;
    this.#cursor = 0;
    this.#cells = [];
    this.#marked = [];
    this.root.replaceChildren();
    this.#more(BYTES_AT_ONCE);
    if (size > bytes.length) {
      this.root.append(element('p', { class: 'quiet' }, `Only the first ${bytes.length} of ${size} bytes were kept.`));
    }
  }

  #more(count: number): void {
    const until = Math.min(this.#bytes.length, this.#shown + count);
    const lines: HTMLElement[] = [];
    for (let at = this.#shown; at < until; at += PER_LINE) lines.push(this.#line(at, Math.min(until, at + PER_LINE)));
    this.#shown = until;
    this.root.querySelector('.hex-more')?.remove();
    this.root.append(...lines);
    const left = this.#bytes.length - until;
    if (left <= 0) return;
    const next = Math.min(left, BYTES_AT_ONCE * 8);
    this.root.append(button({ class: 'hex-more wide' }, () => this.#more(next), `Show ${next} more of ${left} bytes`));
  }

  #line(from: number, to: number): HTMLElement {
    const cells: HTMLElement[] = [];
    const letters: HTMLElement[] = [];
    for (let at = from; at < to; at += 1) {
      const byte = this.#bytes[at] as number;
      const cell = element('span', { class: 'byte', 'data-at': at }, byte.toString(16).padStart(2, '0'));
      const isPrintable = byte >= 0x20 && byte < 0x7f;
      const letter = element('span', { 'data-at': at }, isPrintable ? String.fromCharCode(byte) : '·');
      cells.push(cell);
      letters.push(letter);
      this.#cells.push(cell, letter);
    }
    const place = element('span', { class: 'hex-place' }, from.toString(16).padStart(4, '0'));
    return element(
      'div',
      { class: 'hex-line' },
      place,
      element('span', { class: 'hex-bytes' }, ...cells),
      element('span', { class: 'hex-text', 'aria-hidden': 'true' }, ...letters),
    );
  }

  #mark(): void {
    for (const cell of this.#marked) cell.classList.remove('marked');
    this.#marked = [];
    const { range } = this.#link;
    if (!range) return;
    if (range.end > this.#shown && range.start < this.#bytes.length) {
      this.#more(Math.min(range.end, range.start + BYTES_AT_ONCE) - this.#shown);
    }
    this.#cursor = range.start;
    this.#marked = this.#cells.slice(range.start * 2, range.end * 2);
    for (const cell of this.#marked) cell.classList.add('marked');
    this.#marked[0]?.scrollIntoView({ block: 'nearest' });
  }

  #choose(at: number): void {
    this.#cursor = Math.max(0, Math.min(this.#bytes.length - 1, at));
    this.#link.mark({ start: this.#cursor, end: this.#cursor + 1 });
  }

  #pressed(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -PER_LINE,
      ArrowDown: PER_LINE,
      Home: -this.#cursor,
      End: this.#bytes.length,
    };
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.#choose(this.#cursor + step);
  }
}
