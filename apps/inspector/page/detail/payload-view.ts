/** The payload of a message, as what it looks like, or as what a reader says it is. It is always text here, never markup. */
import type { FieldNode } from '@omqtt/inspect';
import type { Row } from '../../src/api/row.ts';
import { button, element, visibleText } from '../dom/element.ts';
import type { Inspector } from '../inspector.ts';
import { payloadFactsOf, textFormsOf, type PayloadFacts, type TextForm } from '../payload/payload-forms.ts';
import { prettyJson, textOf } from '../payload/payload-text.ts';
import { pictureType, pictureView } from '../payload/picture.ts';
import { isGzip, unpackGzip } from '../payload/unpack.ts';
import { formatCount } from '../time-format.ts';
import { changesView } from './changes-view.ts';

const MOST_CHARACTERS = 100_000;
/** Topics for which a reader chose a form. */
const MOST_CHOICES = 200;

interface Form {
  readonly name: string;
  readonly make: () => HTMLElement;
}

/** By topic, what a reader chose: the next message of it is shown as the same. */
const choices = new Map<string, string>();

export interface PayloadSource {
  readonly fields: readonly FieldNode[];
  readonly row: Row;
  readonly inspector: Inspector;
}

export function payloadView({ fields, row, inspector }: PayloadSource): HTMLElement {
  const facts = payloadFactsOf(fields, row.topic);
  if (!facts) return element('p', { class: 'quiet' }, 'This packet has no payload.');
  if (facts.payload.length === 0) return element('p', { class: 'quiet' }, 'The payload is empty.');
  const texts = textFormsOf(facts);
  const changes = { name: 'Changes', make: () => changesView(row, texts, inspector) };
  return formsView(facts, row, [...formsOf(facts, texts), ...(row.topic === undefined ? [] : [changes])]);
}

/** The first form is what is shown, unless another one was chosen for the topic. */
function formsView(facts: PayloadFacts, { payloadBytes }: Row, forms: readonly Form[]): HTMLElement {
  const { payload, contentType, topic } = facts;
  const content = element('div', {});
  const show = (form: Form): void => {
    content.replaceChildren(form.make());
    for (const [index, each] of forms.entries()) buttons[index]?.setAttribute('aria-pressed', String(each === form));
  };
  const buttons = forms.map((form) =>
    button(
      { class: 'small' },
      () => {
        choose(topic, form.name);
        show(form);
      },
      form.name,
    ),
  );
  const chosen = choices.get(topic);
  const first = forms.find(({ name }) => name === chosen) ?? forms[0];
  if (first) show(first);
  const { length } = payload;
  const whole = payloadBytes ?? length;
  const kept = length < whole ? `the first ${formatCount(length)} of ` : '';
  const told = `${kept}${formatCount(whole)} bytes${contentType && `, ${contentType}`}`;
  const size = element('span', { class: 'quiet' }, told);
  const bar = element('div', { class: 'payload-forms', role: 'group', 'aria-label': 'Show as' }, ...buttons, size);
  return element('div', {}, bar, content);
}

function choose(topic: string, name: string): void {
  choices.delete(topic);
  choices.set(topic, name);
  for (const oldest of choices.keys()) {
    if (choices.size <= MOST_CHOICES) return;
    choices.delete(oldest);
  }
}

function formsOf({ payload }: PayloadFacts, texts: readonly TextForm[]): Form[] {
  const picture = pictureType(payload);
  const forms: (Form | undefined)[] = [
    picture === undefined ? undefined : { name: 'Picture', make: () => pictureView(payload, picture) },
    isGzip(payload) ? { name: 'Unpacked', make: () => unpackedView(payload) } : undefined,
    ...texts.map(({ name, text }) => ({ name, make: () => textView(text) })),
  ];
  return forms.filter((form) => form !== undefined);
}

function textView(text: string): HTMLElement {
  const shown = text.slice(0, MOST_CHARACTERS);
  // Line ends are what a reader expects of text; all else that cannot be seen becomes an escape.
  const lines = shown.split('\n').flatMap((line, index) => [index === 0 ? undefined : '\n', ...visibleText(line)]);
  const left = text.length - shown.length;
  return element(
    'div',
    {},
    element('pre', { class: 'payload', tabindex: 0, dir: 'ltr' }, ...lines),
    left > 0 ? element('p', { class: 'quiet' }, `${left} more characters are in the hex view.`) : undefined,
  );
}

function unpackedView(payload: Uint8Array): HTMLElement {
  const root = element('div', {}, element('p', { class: 'quiet' }, 'Unpacking…'));
  void fillUnpacked(root, payload);
  return root;
}

async function fillUnpacked(root: HTMLElement, payload: Uint8Array): Promise<void> {
  const unpacked = await unpackGzip(payload);
  if (!unpacked) return root.replaceChildren(element('p', { class: 'quiet' }, 'This is no sound gzip.'));
  // What is packed twice is not unpacked twice.
  const text = textOf(unpacked.bytes);
  const [bytes] = textFormsOf({ payload: unpacked.bytes, contentType: '', topic: '' }).slice(-1);
  root.replaceChildren(textView(text === undefined ? (bytes?.text ?? '') : (prettyJson(text) ?? text)));
  if (unpacked.isCut) root.append(element('p', { class: 'quiet' }, 'Only the beginning was unpacked.'));
}
