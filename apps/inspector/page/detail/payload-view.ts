/** The payload of a message, as what it looks like: JSON, text, or bytes. It is always text here, never markup. */
import { formatHex, type FieldNode } from '@omqtt/inspect';
import { element, visibleText } from '../dom/element.ts';

const MOST_CHARACTERS = 100_000;
const MOST_HEX_BYTES = 16_384;

export function payloadView(fields: readonly FieldNode[]): HTMLElement {
  const payload = fields.find(({ path }) => path === 'payload')?.value;
  if (!(payload instanceof Uint8Array)) return element('p', { class: 'quiet' }, 'This packet has no payload.');
  if (payload.length === 0) return element('p', { class: 'quiet' }, 'The payload is empty.');
  const text = textOf(payload);
  if (text === undefined) return bytesView(payload);
  const json = prettyJson(text);
  return json === undefined ? textView(text, 'Text') : textView(json, 'JSON');
}

function textView(text: string, kind: string): HTMLElement {
  const shown = text.slice(0, MOST_CHARACTERS);
  // Line ends are what a reader expects of text; all else that cannot be seen becomes an escape.
  const lines = shown.split('\n').flatMap((line, index) => [index === 0 ? undefined : '\n', ...visibleText(line)]);
  const left = text.length - shown.length;
  return element(
    'div',
    {},
    element('h3', {}, kind),
    element('pre', { class: 'payload', tabindex: 0, dir: 'ltr' }, ...lines),
    left > 0 ? element('p', { class: 'quiet' }, `${left} more characters are in the hex view.`) : undefined,
  );
}

function bytesView(payload: Uint8Array): HTMLElement {
  const shown = payload.subarray(0, MOST_HEX_BYTES);
  return element(
    'div',
    {},
    element('h3', {}, `Bytes (${payload.length})`),
    element('pre', { class: 'payload', tabindex: 0 }, formatHex(shown)),
  );
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Deeper than this nobody reads, and some engines give up. */
const MOST_DEPTH = 200;

function prettyJson(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text) || text.length > MOST_CHARACTERS || depthOf(text) > MOST_DEPTH) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return undefined;
  }
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, (depth += 1));
    if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
}
