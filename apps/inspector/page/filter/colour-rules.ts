/** Tells the server which rows to colour: it alone sees all that a filter asks for. */
import { MOST_COLOURS } from '../../src/api/messages.ts';
import type { Feed } from '../feed/feed.ts';
import type { Inspector } from '../inspector.ts';
import type { Settings } from '../settings.ts';
import { coloured } from './saved-filters.ts';

export function keepColours(inspector: Inspector, settings: Settings): void {
  let told = '[]';
  let toldFeed: Feed | undefined;
  inspector.hub.on(['feed', 'settings', 'marks'], () => {
    const { feed, model } = inspector;
    // Who was lost and came back, or is another one, knows of no colours.
    if (feed !== toldFeed || !model.isReady) told = '[]';
    toldFeed = feed;
    if (!model.isReady) return;
    const rules = coloured(settings.savedFilters).slice(0, MOST_COLOURS);
    const filters = rules.map(({ filter }) => inspector.filterForServer(filter));
    if (JSON.stringify(filters) === told) return;
    told = JSON.stringify(filters);
    inspector.send({ type: 'colours', filters });
  });
}
