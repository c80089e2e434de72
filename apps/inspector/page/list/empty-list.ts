/** What stands in the list while there is nothing in it: how to get something into it. */
import { addressOf } from '../copy/commands.ts';
import { button, element } from '../dom/element.ts';
import type { Inspector } from '../inspector.ts';

export function emptyList(inspector: Inspector): { readonly root: HTMLElement; render(): void } {
  const root = element('div', { class: 'empty' });
  let shown = '';
  return {
    root,
    render: () => {
      const { state, routes, isReady } = inspector.model;
      const wanted = inspector.wantedFilter;
      const isEmpty = isReady && state.end === state.first;
      root.hidden = !isEmpty;
      const { view } = inspector;
      const content = JSON.stringify({ routes, wanted, isEmpty, stored: state.stored > 0, view });
      if (content === shown) return;
      shown = content;
      root.replaceChildren(...(state.stored > 0 ? nothingMatches(inspector) : howToBegin(inspector)));
    },
  };
}

function nothingMatches(inspector: Inspector): HTMLElement[] {
  const what = inspector.view === 'exchanges' ? 'exchange' : 'packet';
  if (inspector.wantedFilter === '') return [element('p', {}, `There is no ${what} yet.`)];
  return [
    element('p', {}, `No ${what} fulfils the filter.`),
    button({ class: 'wide' }, () => inspector.filter(''), `Show all ${what}s`),
  ];
}

function howToBegin({ model }: Inspector): HTMLElement[] {
  const drop = element(
    'p',
    { class: 'quiet' },
    'Or drop a capture here: pcap, pcapng, NDJSON or .omq. It stays in your browser.',
  );
  if (model.file !== undefined) return [element('p', {}, 'There is no MQTT packet in this file.'), drop];
  const listen = model.routes[0]?.listen;
  if (listen === undefined) return [element('h2', {}, 'Nothing to show yet'), drop];
  const { hostname, port } = addressOf(listen);
  return [
    element('h2', {}, 'Waiting for packets'),
    element('p', {}, `Clients that connect to ${listen} appear here. Point one at it:`),
    copyLine(`mosquitto_pub -h ${hostname} -p ${port} -t demo -q 1 -m hello`),
    copyLine(`omqtt pub --url ${listen} demo hello`),
    copyLine(`await connect('${listen}')`),
    drop,
  ];
}

function copyLine(text: string): HTMLElement {
  const copy = button(
    { 'aria-label': `Copy ${text}` },
    () => {
      void navigator.clipboard.writeText(text).then(
        () => copy.replaceChildren('Copied'),
        () => copy.replaceChildren('Not allowed'),
      );
    },
    'Copy',
  );
  return element('div', { class: 'copy-line' }, element('code', {}, text), copy);
}
