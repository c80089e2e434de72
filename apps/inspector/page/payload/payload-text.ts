/** A payload as a text of some format. */
import { readCbor, readMessagePack, readSparkplug, writeValue, type DecodedValue } from '@omqtt/inspect';

const MOST_CHARACTERS = 100_000;
/** Deeper than this nobody reads, and some engines give up. */
const MOST_DEPTH = 200;
/** Larger ones are not tried: a guess is not worth it. */
const MOST_BINARY_BYTES = 200_000;

/** Without zero bytes: where there are any it is something else that can be read as text by accident. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function prettyJson(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text) || text.length > MOST_CHARACTERS || depthOf(text) > MOST_DEPTH) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return undefined;
  }
}

/** `isSaid`: the message names the format; otherwise only what can hardly be anything else is taken for it. */
export function cborText(bytes: Uint8Array, isSaid: boolean): string | undefined {
  return binaryText(bytes, isSaid, readCbor);
}

export function messagePackText(bytes: Uint8Array, isSaid: boolean): string | undefined {
  return binaryText(bytes, isSaid, readMessagePack);
}

export function sparkplugText(bytes: Uint8Array): string | undefined {
  return binaryText(bytes, true, readSparkplug);
}

type Read = (bytes: Uint8Array) => { readonly value: DecodedValue } | undefined;

function binaryText(bytes: Uint8Array, isSaid: boolean, read: Read): string | undefined {
  if (bytes.length === 0 || bytes.length > MOST_BINARY_BYTES) return undefined;
  const found = read(bytes);
  if (!found) return undefined;
  const isStructure = typeof found.value === 'object' && found.value !== null && !(found.value instanceof Uint8Array);
  return isSaid || isStructure ? writeValue(found.value) : undefined;
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
