/** What is known of the connection of a packet: who owes what to whom. */
import { escapeText, type ConnectionView, type Direction, type InFlightView } from '@omqtt/inspect';
import { button, element } from '../dom/element.ts';
import type { Inspector } from '../inspector.ts';
import { keepAliveText } from './keep-alive.ts';
import { formatBytes, formatCount } from '../time-format.ts';

const MOST_LINES = 100;

export function sessionView(view: ConnectionView | undefined, inspector: Inspector): HTMLElement {
  if (!view) return element('p', { class: 'quiet' }, 'Nothing is known of this connection any more.');
  const { subscriptions, aliases, inFlight } = view;
  return element(
    'div',
    { class: 'session' },
    facts(view, inspector.model.now),
    list(
      'Subscriptions',
      subscriptions.map(
        ({ filter, qos, isGranted }) => `${escapeText(filter)} QoS ${qos}${isGranted ? '' : ' (not granted)'}`,
      ),
    ),
    inFlightList('Waiting for the server', inFlight.c2s, inspector),
    inFlightList('Waiting for the client', inFlight.s2c, inspector),
    list('Topic aliases to the server', aliasLines(aliases.c2s)),
    list('Topic aliases to the client', aliasLines(aliases.s2c)),
  );
}

function facts(view: ConnectionView, now: number): HTMLElement {
  const { id, clientId = '', version = '?', ending, sessionExpirySeconds, sessionPresent } = view;
  const rows: readonly (readonly [string, string])[] = [
    ['Client id', clientId === '' ? '(empty)' : escapeText(clientId)],
    ['Connection', escapeText(id)],
    ['Version', version],
    ['State', ending === undefined ? 'open' : escapeText(ending)],
    ['Keep alive', keepAliveText(view, now)],
    ['Session', `${sessionPresent ? 'resumed' : 'new'}, kept for ${sessionExpirySeconds} s`],
    ['Packets', both(view.packets, formatCount)],
    ['Bytes', both(view.bytes, formatBytes)],
    [
      'In flight',
      `→ ${view.inFlight.c2s.length} of ${view.receiveMaximum.c2s}, ← ${view.inFlight.s2c.length} of ${view.receiveMaximum.s2c}`,
    ],
  ];
  return element(
    'dl',
    { class: 'facts' },
    ...rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, element('bdi', {}, value))]),
  );
}

function both(values: Readonly<Record<Direction, number>>, format: (value: number) => string): string {
  return `→ ${format(values.c2s)}, ← ${format(values.s2c)}`;
}

function inFlightList(title: string, messages: readonly InFlightView[], inspector: Inspector): HTMLElement | undefined {
  if (messages.length === 0) return undefined;
  const items = messages.slice(0, MOST_LINES).map(({ packetId, qos, topic, phase, number }) =>
    element(
      'li',
      {},
      button({ class: 'small' }, () => void inspector.goTo(number), `#${number}`),
      element('bdi', {}, ` id ${packetId}, QoS ${qos}, ${phase}, ${escapeText(topic)}`),
    ),
  );
  return section(title, messages.length, items);
}

function aliasLines(aliases: readonly (readonly [alias: number, topic: string])[]): string[] {
  return aliases.map(([alias, topic]) => `${alias} = ${escapeText(topic)}`);
}

function list(title: string, lines: readonly string[]): HTMLElement | undefined {
  if (lines.length === 0) return undefined;
  return section(
    title,
    lines.length,
    lines.slice(0, MOST_LINES).map((line) => element('li', {}, element('bdi', {}, line))),
  );
}

function section(title: string, count: number, items: readonly HTMLElement[]): HTMLElement {
  const left = count - items.length;
  return element(
    'section',
    {},
    element('h3', {}, `${title} (${count})`),
    element('ul', {}, ...items, left > 0 ? element('li', { class: 'quiet' }, `… ${left} more`) : undefined),
  );
}
