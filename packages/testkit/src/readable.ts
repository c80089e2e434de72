/** Values as one line for people who read a failed test. */
const LONGEST_TEXT = 200;
const LONGEST_BYTES = 32;

/** Short bytes that are text appear as text; long ones by their beginning and length. */
export function readable(value: unknown): string {
  if (value instanceof Uint8Array) return readableBytes(value);
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  if (typeof value === 'function') return 'what a function accepts';
  if (value instanceof Error) return readableError(value);
  if (Array.isArray(value)) return `[${shortList(value).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return readableObject(value);
  return String(value);
}

function readableObject(value: object): string {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return '{}';
  return `{ ${members.map(([key, member]) => `${key}: ${readable(member)}`).join(', ')} }`;
}

function readableError(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : '';
  return `${error.name} (${code}${error.message})`;
}

function readableBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'no bytes';
  const head = bytes.subarray(0, LONGEST_BYTES);
  const rest = bytes.length > LONGEST_BYTES ? `… (${bytes.length} bytes)` : '';
  if (head.every((byte) => byte >= 0x20 && byte < 0x7f)) return `bytes '${String.fromCodePoint(...head)}'${rest}`;
  return `bytes ${[...head].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}${rest}`;
}

function shortList(list: readonly unknown[]): string[] {
  const items = list.slice(0, 20).map(readable);
  return list.length > 20 ? [...items, `… (${list.length} items)`] : items;
}

function shortened(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}… (${text.length} characters)` : text;
}
