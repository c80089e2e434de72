/** The payload of a message, as what it looks like, or as what a reader says it is. It is always text here, never markup. */
import { formatHex, type FieldNode } from '@omqtt/inspect';
import { button, element, visibleText } from '../dom/element.ts';
import { cborText, messagePackText, prettyJson, textOf } from '../payload/payload-text.ts';
import { pictureType, pictureView } from '../payload/picture.ts';
import { isGzip, unpackGzip } from '../payload/unpack.ts';

const MOST_CHARACTERS = 100_000;
const MOST_HEX_BYTES = 16_384;

interface Form {
  readonly name: string;
  readonly make: () => HTMLElement;
}

export function payloadView(fields: readonly FieldNode[]): HTMLElement {
  const payload = fields.find(({ path }) => path === 'payload')?.value;
  if (!(payload instanceof Uint8Array)) return element('p', { class: 'quiet' }, 'This packet has no payload.');
  if (payload.length === 0) return element('p', { class: 'quiet' }, 'The payload is empty.');
  return formsView(payload, contentTypeOf(fields));
}

/** The first form is what is shown; the others are a click away. */
function formsView(payload: Uint8Array, contentType: string): HTMLElement {
  const forms = formsOf(payload, contentType);
  const content = element('div', {});
  const buttons = forms.map((form) => button({ class: 'small' }, () => show(form), form.name));
  const show = (form: Form): void => {
    content.replaceChildren(form.make());
    for (const [index, each] of forms.entries()) buttons[index]?.setAttribute('aria-pressed', String(each === form));
  };
  const [first] = forms;
  if (first) show(first);
  const size = element('span', { class: 'quiet' }, `${payload.length} bytes${contentType && `, ${contentType}`}`);
  const choices = element('div', { class: 'payload-forms', role: 'group', 'aria-label': 'Show as' }, ...buttons, size);
  return element('div', {}, choices, content);
}

/** Those that the payload can be read as, the likeliest one first. */
function formsOf(payload: Uint8Array, contentType: string): Form[] {
  const text = textOf(payload);
  const json = text === undefined ? undefined : prettyJson(text);
  const says = (pattern: RegExp): boolean => pattern.test(contentType);
  const isCbor = says(/\bcbor\b/i);
  const isMessagePack = says(/\bmsgpack\b|messagepack/i);
  const cbor = text === undefined || isCbor ? cborText(payload, isCbor) : undefined;
  const messagePack = text === undefined || isMessagePack ? messagePackText(payload, isMessagePack) : undefined;
  const picture = pictureType(payload);
  const forms: (Form | undefined)[] = [
    picture === undefined ? undefined : { name: 'Picture', make: () => pictureView(payload, picture) },
    isGzip(payload) ? { name: 'Unpacked', make: () => unpackedView(payload) } : undefined,
    textForm('JSON', json),
    textForm(isMessagePack ? 'MessagePack' : 'CBOR', isMessagePack ? messagePack : cbor),
    textForm(isMessagePack ? 'CBOR' : 'MessagePack', isMessagePack ? cbor : messagePack),
    textForm('Text', text),
    { name: 'Bytes', make: () => bytesView(payload) },
  ];
  return forms.filter((form) => form !== undefined);
}

function textForm(name: string, text: string | undefined): Form | undefined {
  return text === undefined ? undefined : { name, make: () => textView(text) };
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

function bytesView(payload: Uint8Array): HTMLElement {
  return element('pre', { class: 'payload', tabindex: 0 }, formatHex(payload.subarray(0, MOST_HEX_BYTES)));
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
  root.replaceChildren(text === undefined ? bytesView(unpacked.bytes) : textView(prettyJson(text) ?? text));
  if (unpacked.isCut) root.append(element('p', { class: 'quiet' }, 'Only the beginning was unpacked.'));
}

function contentTypeOf(fields: readonly FieldNode[]): string {
  const properties = fields.find(({ path }) => path === 'properties')?.children ?? [];
  const value = properties.find(({ name }) => name === 'contentType')?.children?.find(({ name }) => name === 'value');
  return typeof value?.value === 'string' ? value.value.slice(0, 100) : '';
}
