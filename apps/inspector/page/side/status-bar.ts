/** How much there is, how much of it is shown, and what was lost; and what went wrong, as a sentence. */
import { element, setText } from '../dom/element.ts';
import type { StateView } from '../../src/api/messages.ts';
import type { Inspector } from '../inspector.ts';
import type { Settings } from '../settings.ts';
import { formatBytes, formatCount } from '../time-format.ts';

export function statusBar(inspector: Inspector): HTMLElement {
  const { hub, model } = inspector;
  const counts = element('span', { class: 'counts' });
  const lost = element('span', { class: 'lost' });
  const progress = element('progress', { 'aria-label': 'Filtering', max: 1 });
  hub.on(['state', 'feed'], () => {
    const { stored, scanned, dropped, skippedBytes } = model.state;
    setText(counts, countsOf(model.state));
    const losses = [
      `dropped ${formatCount(dropped)}`,
      ...(skippedBytes > 0 ? [`${formatBytes(skippedBytes)} not decoded`] : []),
    ];
    setText(lost, losses.join(' · '));
    lost.dataset['some'] = String(dropped + skippedBytes > 0);
    progress.hidden = scanned >= stored;
    progress.value = stored === 0 ? 1 : scanned / stored;
  });
  return element('span', { class: 'status-counts' }, counts, progress, lost);
}

function countsOf({ first, end, stored }: StateView): string {
  const shown = end - first;
  return shown === stored
    ? `${formatCount(stored)} packets`
    : `${formatCount(shown)} of ${formatCount(stored)} packets`;
}

/** Says what went wrong until it is right again. */
export function troubleBanner({ hub, model }: Inspector): HTMLElement {
  const root = element('div', { class: 'trouble', role: 'alert', hidden: true });
  hub.on(['feed'], () => {
    root.hidden = model.trouble === undefined;
    setText(root, model.trouble ?? '');
  });
  return root;
}

/** Traffic never stops: who hears it all the time hears nothing else. */
const SAID_EVERY_MS = 5000;

/** For readers that hear the page: what a key did when nothing else tells. */
export function announcer(inspector: Inspector, settings: Settings): HTMLElement {
  const root = element('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  inspector.hub.on(['settings'], () => setText(root, inspector.announcement));
  let saidAt = -Infinity;
  inspector.hub.on(['state'], () => {
    if (!settings.saysCounts || performance.now() - saidAt < SAID_EVERY_MS) return;
    saidAt = performance.now();
    inspector.announce(countsOf(inspector.model.state));
  });
  return root;
}
