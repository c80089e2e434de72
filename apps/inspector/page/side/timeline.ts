/** The timeline: shows when how much passed, and filters by the part of it that is dragged over, or chosen with keys. */
import { button, element } from '../dom/element.ts';
import type { FilterBar } from '../filter/filter-bar.ts';
import type { Inspector } from '../inspector.ts';
import { formatCount } from '../time-format.ts';
import { drawTimeline, leftOf } from './timeline-picture.ts';
import {
  barOf,
  rangeOf,
  rangeOfBars,
  scaleOf,
  wholeOf,
  withRange,
  zoomed,
  type TimeRange,
  type TimeScale,
} from './time-range.ts';

const BARS_OF_A_PAGE = 10;

/** Bars between which a choice is being made: where it began, and where it is. */
interface Choice {
  readonly anchor: number;
  readonly at: number;
}

export class Timeline {
  readonly root: HTMLElement;
  readonly #inspector: Inspector;
  readonly #filterBar: FilterBar;
  readonly #canvas = element('canvas', {
    class: 'timeline',
    role: 'slider',
    tabindex: 0,
    'aria-label': 'Time range',
    title: 'Packets per second. Drag to see only a part of the time; the wheel, + and − zoom.',
  });
  readonly #all: HTMLElement;
  #choice: Choice | undefined;
  /** The part that fills the picture; `undefined` for all of it, which grows. */
  #zoom: TimeRange | undefined;
  readonly #out: HTMLElement;

  constructor(inspector: Inspector, filterBar: FilterBar) {
    this.#inspector = inspector;
    this.#filterBar = filterBar;
    this.#all = button({ class: 'small' }, () => this.#filter(undefined), 'All times ×');
    this.#out = button({ class: 'small' }, () => (this.zoom = undefined), 'Whole timeline');
    const nearer = button({ class: 'small', 'aria-label': 'Zoom into the timeline' }, () => this.#zoomIn(), '+');
    this.root = element('div', { class: 'timeline-part' }, this.#canvas, nearer, this.#out, this.#all);
    let shown = inspector.feed;
    inspector.hub.on(['feed'], () => {
      // Times of another capture mean nothing here.
      if (shown !== undefined && shown !== inspector.feed) this.zoom = undefined;
      shown = inspector.feed;
    });
    inspector.hub.on(['timeline', 'zoom', 'settings', 'feed', 'filter', 'view'], () => this.#draw());
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
    this.#canvas.addEventListener('pointerdown', (event) => this.#pressed(event));
    this.#canvas.addEventListener('pointermove', (event) => this.#dragged(event));
    this.#canvas.addEventListener('pointerup', () => this.#released());
    this.#canvas.addEventListener('pointercancel', () => this.#choose(undefined));
    this.#canvas.addEventListener('wheel', (event) => this.#turned(event), { passive: false });
    this.#canvas.addEventListener('keydown', (event) => this.#typed(event));
    this.#canvas.addEventListener('blur', () => this.#choose(undefined));
  }

  get zoom(): TimeRange | undefined {
    return this.#zoom;
  }

  set zoom(range: TimeRange | undefined) {
    this.#zoom = range;
    this.#choice = undefined;
    this.#inspector.hub.changed('zoom');
  }

  get #scale(): TimeScale {
    const width = this.#canvas.clientWidth;
    return this.#zoom ? scaleOf(this.#zoom, width, width) : scaleOf(this.#whole, width);
  }

  get #whole(): TimeRange | undefined {
    return wholeOf(this.#inspector.model.seconds.keys());
  }

  /** To what is chosen, or else to the last half of what is shown. */
  #zoomIn(): void {
    const chosen = rangeOf(this.#inspector.model.filterText);
    if (chosen && chosen.from !== this.#zoom?.from) this.zoom = chosen;
    else this.#zoomBy(0.5, Infinity);
  }

  #zoomBy(factor: number, second: number): void {
    const whole = this.#whole;
    if (!whole) return;
    const shown = this.#zoom ?? whole;
    const at = Math.max(shown.from, Math.min(shown.to, second));
    this.zoom = zoomed({ whole, shown, factor, at });
  }

  #turned(event: WheelEvent): void {
    if (event.deltaY === 0 || event.ctrlKey) return;
    event.preventDefault();
    const scale = this.#scale;
    this.#zoomBy(event.deltaY < 0 ? 0.5 : 2, scale.first + this.#barAt(event) * scale.secondsPerBar);
  }

  #draw(): void {
    const { seconds, filterText } = this.#inspector.model;
    const scale = this.#scale;
    const chosen = rangeOf(filterText);
    const range = this.#choice ? rangeOfBars(this.#choice.anchor, this.#choice.at, scale) : chosen;
    const peak = drawTimeline(this.#canvas, { scale, seconds: seconds.values(), range });
    this.#all.hidden = chosen === undefined;
    this.#out.hidden = this.#zoom === undefined;
    const at = this.#choice ? this.#choice.at : scale.bars - 1;
    this.#canvas.setAttribute('aria-valuemin', '0');
    this.#canvas.setAttribute('aria-valuemax', String(scale.bars - 1));
    this.#canvas.setAttribute('aria-valuenow', String(at));
    this.#canvas.setAttribute('aria-valuetext', this.#spoken(range, peak));
  }

  #spoken(range: TimeRange | undefined, peak: number): string {
    const seconds = [...this.#inspector.model.seconds.values()];
    const inRange = range ? seconds.filter(({ second }) => second >= range.from && second < range.to) : seconds;
    const packets = inRange.reduce((sum, { c2s, s2c }) => sum + c2s + s2c, 0);
    const when = range ? `${clock(range.from)} to ${clock(range.to)}` : 'all times';
    return `${when}: ${formatCount(packets)} packets, at most ${formatCount(peak)} in one bar`;
  }

  #barAt({ offsetX }: MouseEvent): number {
    const scale = this.#scale;
    const bar = Math.floor((offsetX - leftOf(scale, this.#canvas.clientWidth)) / scale.barPx);
    return Math.max(0, Math.min(scale.bars - 1, bar));
  }

  #pressed(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    const bar = this.#barAt(event);
    this.#choose({ anchor: bar, at: bar });
  }

  #dragged(event: PointerEvent): void {
    if (this.#choice && this.#canvas.hasPointerCapture(event.pointerId)) {
      this.#choose({ anchor: this.#choice.anchor, at: this.#barAt(event) });
    }
  }

  /** A click without a way chooses one bar. */
  #released(): void {
    const choice = this.#choice;
    this.#choice = undefined;
    if (choice) this.#filter(rangeOfBars(choice.anchor, choice.at, this.#scale));
  }

  #typed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { bars } = this.#scale;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      PageUp: -BARS_OF_A_PAGE,
      PageDown: BARS_OF_A_PAGE,
      Home: -bars,
      End: bars,
    };
    const step = steps[event.key];
    if (step !== undefined) this.#move(step, event.shiftKey);
    else if (event.key === '+') this.#zoomIn();
    else if (event.key === '-') this.#zoomBy(2, Infinity);
    else if (event.key === 'Enter' && this.#choice) {
      this.#filter(rangeOfBars(this.#choice.anchor, this.#choice.at, this.#scale));
    } else if (event.key === 'Escape' && (this.#choice || rangeOf(this.#inspector.model.filterText))) {
      this.#choice = undefined;
      this.#filter(undefined);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #move(step: number, isLonger: boolean): void {
    const scale = this.#scale;
    const chosen = rangeOf(this.#inspector.model.filterText);
    const from = this.#choice?.at ?? (chosen ? barOf(chosen.from, scale) : scale.bars - 1);
    const at = Math.max(0, Math.min(scale.bars - 1, from + step));
    this.#choose({ anchor: isLonger ? (this.#choice?.anchor ?? from) : at, at });
  }

  #choose(choice: Choice | undefined): void {
    this.#choice = choice;
    this.#draw();
  }

  #filter(range: TimeRange | undefined): void {
    const before = this.#filterBar.input.value;
    const after = withRange(before, range);
    if (after !== before) this.#filterBar.set(after);
    this.#draw();
  }
}

function clock(second: number): string {
  return new Date(second * 1000).toISOString().slice(11, 19);
}
