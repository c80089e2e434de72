/** The state that a link carries: filter, packet and view, in the fragment, which no server sees. */
import { views, type Inspector } from './inspector.ts';

export function keepAddress(inspector: Inspector): void {
  inspector.hub.on(['filter', 'cursor', 'view', 'feed'], () => {
    const { model, selected, view } = inspector;
    const state = new URLSearchParams({
      ...(model.filterText !== '' && { filter: model.filterText }),
      ...(selected !== undefined && { packet: String(selected) }),
      ...(view !== 'packets' && { view }),
    }).toString();
    const wanted = state === '' ? location.pathname : `#${state}`;
    if (location.hash !== (state === '' ? '' : `#${state}`)) history.replaceState(undefined, '', wanted);
  });
}

export function readAddress(inspector: Inspector): { readonly filter: string } {
  const state = new URLSearchParams(location.hash.slice(1));
  const view = views.find((each) => each === state.get('view'));
  if (view) inspector.view = view;
  const packet = Number(state.get('packet'));
  if (Number.isSafeInteger(packet) && packet > 0) inspector.wanted = packet;
  return { filter: state.get('filter') ?? '' };
}
