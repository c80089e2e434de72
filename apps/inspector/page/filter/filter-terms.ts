/** Terms of the filter language for what a reader points at. */
import type { FieldNode } from '@omqtt/inspect';

/** A text as the filter language quotes it. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const named: Readonly<Record<string, string>> = {
  packetId: 'pid',
  qos: 'qos',
  reasonCode: 'rc',
  keepAliveSeconds: 'keepalive',
  topic: 'topic',
  clientId: 'client',
  'properties.topicAlias': 'alias',
};

/** The term that lets through what has this field with this value; `undefined` when the language has none. */
export function termFor({ path, value }: FieldNode): string | undefined {
  if (/^(subscriptions|filters)\[/.test(path)) {
    return typeof value === 'string' ? `filter=${quoted(value)}` : undefined;
  }
  const property = /^properties\.(\w+)$/.exec(path)?.[1];
  const field = named[path] ?? (property && property !== 'userProperties' ? `prop.${property}` : undefined);
  if (field === undefined) return undefined;
  if (typeof value === 'number') return `${field}=${value}`;
  return typeof value === 'string' ? `${field}=${quoted(value)}` : undefined;
}
