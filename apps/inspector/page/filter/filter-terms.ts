/** Terms of the filter language for what a reader points at. */
import { hexOf, type FieldNode, type PacketRecord } from '@omqtt/inspect';

/** A text as the filter language quotes it. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** For the topics below `plant/`, and `plant` itself. */
export function branchTerm(prefix: string): string {
  return `topic:${quoted(`${prefix}#`)}`;
}

/** For packets that break a rule. */
export function lintTerm(id: string): string {
  return `lint:${/\s/.test(id) ? quoted(id) : id}`;
}

const named: Readonly<Record<string, string>> = {
  packetId: 'pid',
  qos: 'qos',
  reasonCode: 'rc',
  keepAliveSeconds: 'keepalive',
  topic: 'topic',
  clientId: 'client',
  topicAlias: 'alias',
};

const flags: Readonly<Record<string, string>> = { dup: 'is:dup', retain: 'is:retain', 'flags.willFlag': 'is:will' };

const LONGEST_TEXT = 200;
const MOST_BYTES = 32;

/**
 * The term that lets through what has this field with this value: by its name where the language has one, by its bytes
 * otherwise. `undefined` for what says nothing, such as a length.
 */
export function termFor(field: FieldNode, { bytes, type }: Pick<PacketRecord, 'bytes' | 'type'>): string | undefined {
  const { path, value, bits, start, end, children = [] } = field;
  if (path.startsWith('fixedHeader') || path.startsWith('protocol')) return `type:${type}`;
  if (path === 'password' || path.startsWith('properties.authenticationData')) return undefined;
  if (typeof value === 'boolean') return flagTerm(path, value);
  const known = propertyTerm(field) ?? namedTerm(path, value);
  if (known !== undefined) return known;
  if (path === 'payload' && value instanceof Uint8Array) {
    const text = textOf(value);
    if (text !== undefined && text !== '' && text.length <= LONGEST_TEXT) return `payload=${quoted(text)}`;
  }
  // A byte alone, or a part of one, is found in any packet.
  if (bits !== undefined || end - start < 2 || children.length > 0) return undefined;
  return `bytes:"${hexOf(bytes.subarray(start, Math.min(end, start + MOST_BYTES)))}"`;
}

function flagTerm(path: string, value: boolean): string | undefined {
  const flag = flags[path];
  return flag && (value ? flag : `-${flag}`);
}

function namedTerm(path: string, value: FieldNode['value']): string | undefined {
  if (/^(?:subscriptions|filters)\[/.test(path)) {
    return typeof value === 'string' ? `filter=${quoted(value)}` : undefined;
  }
  const field = named[path] ?? (path.startsWith('reasonCodes[') ? 'rc' : undefined);
  return field === undefined ? undefined : equals(field, value);
}

/** A property is a branch of its identifier and its value; a term is the same for all three. */
function propertyTerm({ path, value, children = [] }: FieldNode): string | undefined {
  const name = /^properties\.(\w+)/.exec(path)?.[1];
  if (name === undefined || name === 'length') return undefined;
  const valueOf = (part: string): FieldNode['value'] => children.find((child) => child.name === part)?.value;
  if (name === 'userProperties') {
    const [key, text] = [valueOf('name'), valueOf('value')];
    if (typeof key !== 'string' || typeof text !== 'string') return undefined;
    return /^[\w-]+$/.test(key) ? `user.${key}=${quoted(text)}` : 'has:prop.userProperties';
  }
  const found = children.length > 0 ? valueOf('value') : path.endsWith('.identifier') ? undefined : value;
  return equals(named[name] ?? `prop.${name}`, found) ?? `has:prop.${name}`;
}

function equals(field: string, value: FieldNode['value']): string | undefined {
  if (typeof value === 'number') return `${field}=${value}`;
  return typeof value === 'string' ? `${field}=${quoted(value)}` : undefined;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
