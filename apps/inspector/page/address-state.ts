/** The state that a link carries: filter, packet, view, tab and the zoom of the timeline, in the fragment, which no server sees. */
import { detailTabs, type DetailPanel } from './detail/detail-panel.ts';
import { views, type Inspector } from './inspector.ts';
import type { Timeline } from './side/timeline.ts';

export function keepAddress(inspector: Inspector, { tabs }: DetailPanel, timeline: Timeline): void {
  inspector.hub.on(['filter', 'cursor', 'view', 'feed', 'tab', 'zoom'], () => {
    const { zoom } = timeline;
    const { model, selected, view } = inspector;
    const state = new URLSearchParams({
      ...(model.filterText !== '' && { filter: model.filterText }),
      ...(selected !== undefined && { packet: String(selected) }),
      ...(view !== 'packets' && { view }),
      // The one that a view begins with goes without saying.
      ...(tabs.chosen !== (view === 'exchanges' ? 'Exchange' : 'Fields') && { tab: tabs.chosen.toLowerCase() }),
      ...(zoom && { zoom: `${zoom.from}-${zoom.to}` }),
    }).toString();
    const wanted = state === '' ? location.pathname : `#${state}`;
    if (location.hash !== (state === '' ? '' : `#${state}`)) history.replaceState(undefined, '', wanted);
  });
}

export function readAddress(
  inspector: Inspector,
  timeline: Timeline,
): { readonly filter: string; readonly tab: string | undefined } {
  const state = new URLSearchParams(location.hash.slice(1));
  const view = views.find((each) => each === state.get('view'));
  if (view) inspector.view = view;
  const packet = Number(state.get('packet'));
  if (Number.isSafeInteger(packet) && packet > 0) inspector.wanted = packet;
  const tab = detailTabs.find((name) => name.toLowerCase() === state.get('tab'));
  // Seconds since 1970.
  const [, from, to] = /^(\d{1,11})-(\d{1,11})$/.exec(state.get('zoom') ?? '') ?? [];
  if (Number(to) > Number(from)) timeline.zoom = { from: Number(from), to: Number(to) };
  return { filter: state.get('filter') ?? '', tab };
}
