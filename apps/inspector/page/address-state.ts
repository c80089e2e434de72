/** The state that a link carries: filter, packet, view and tab, in the fragment, which no server sees. */
import { detailTabs, type DetailPanel } from './detail/detail-panel.ts';
import { views, type Inspector } from './inspector.ts';

export function keepAddress(inspector: Inspector, { tabs }: DetailPanel): void {
  inspector.hub.on(['filter', 'cursor', 'view', 'feed', 'tab'], () => {
    const { model, selected, view } = inspector;
    const state = new URLSearchParams({
      ...(model.filterText !== '' && { filter: model.filterText }),
      ...(selected !== undefined && { packet: String(selected) }),
      ...(view !== 'packets' && { view }),
      // The one that a view begins with goes without saying.
      ...(tabs.chosen !== (view === 'exchanges' ? 'Exchange' : 'Fields') && { tab: tabs.chosen.toLowerCase() }),
    }).toString();
    const wanted = state === '' ? location.pathname : `#${state}`;
    if (location.hash !== (state === '' ? '' : `#${state}`)) history.replaceState(undefined, '', wanted);
  });
}

export function readAddress(inspector: Inspector): { readonly filter: string; readonly tab: string | undefined } {
  const state = new URLSearchParams(location.hash.slice(1));
  const view = views.find((each) => each === state.get('view'));
  if (view) inspector.view = view;
  const packet = Number(state.get('packet'));
  if (Number.isSafeInteger(packet) && packet > 0) inspector.wanted = packet;
  const tab = detailTabs.find((name) => name.toLowerCase() === state.get('tab'));
  return { filter: state.get('filter') ?? '', tab };
}
