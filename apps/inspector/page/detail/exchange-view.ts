/** The packets that belong together, with the time between them. Each step leads to its packet. */
import { legsOf, type Exchange } from '@omqtt/inspect';
import { button, element } from '../dom/element.ts';
import type { Inspector } from '../inspector.ts';
import { formatDelta, formatDuration } from '../time-format.ts';

const statusWords: Readonly<Record<Exchange['status'], string>> = {
  open: '… waits for an answer',
  done: '✓ done',
  refused: '✖ refused',
  lost: '∅ lost: the connection ended before the answer',
};

export function exchangeView(title: string, exchange: Exchange, inspector: Inspector): HTMLElement {
  const { kind, status, steps, roundTripMs } = exchange;
  const legs = legsOf(exchange);
  const items = steps.map(({ number, type }, index) => {
    const leg = legs[index - 1];
    return element(
      'li',
      { 'aria-current': number === inspector.selected ? 'true' : undefined },
      button({ class: 'small' }, () => void inspector.goTo(number), `${type.toUpperCase()} #${number}`),
      leg ? element('span', { class: 'quiet' }, formatDelta(leg.milliseconds)) : undefined,
    );
  });
  const time = roundTripMs === undefined ? '' : ` in ${formatDuration(roundTripMs)}`;
  return element(
    'section',
    { class: 'exchange', 'data-pair': status },
    element('h3', {}, `${title}: ${kind}`),
    element('p', {}, `${statusWords[status]}${time}`),
    element('ol', {}, ...items),
  );
}

/** The step after this one in its exchange; the first one after the last. */
export function pairedNumber({ steps }: Exchange, number: number): number | undefined {
  const numbers = steps.map((step) => step.number);
  const next = numbers[numbers.indexOf(number) + 1] ?? numbers[0];
  return next === number ? undefined : next;
}
