/** What commands and code say of a packet, read from its fields. */
import { eachField, fieldsOf, type FieldNode, type FieldValue, type PacketRecord } from '@omqtt/inspect';

export interface PacketFacts {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: number;
  readonly retain: boolean;
  /** Of a SUBSCRIBE. */
  readonly filters: readonly { readonly filter: string; readonly qos: number }[];
  /** Properties by name, without user properties. */
  readonly properties: ReadonlyMap<string, FieldValue>;
  readonly userProperties: readonly (readonly [name: string, value: string])[];
}

export function factsOf(record: PacketRecord): PacketFacts {
  const fields = fieldsOf(record);
  const valueAt = (path: string): FieldValue | undefined => fields.find((field) => field.path === path)?.value;
  const payload = valueAt('payload');
  const properties = fields.find(({ path }) => path === 'properties')?.children ?? [];
  return {
    topic: record.topic ?? textOr(valueAt('topic')),
    payload: payload instanceof Uint8Array ? payload : new Uint8Array(),
    qos: Number(valueAt('qos') ?? 0),
    retain: valueAt('retain') === true,
    filters: filtersOf(fields),
    properties: new Map(
      properties.flatMap(({ name, children = [] }) => {
        const value = children.find((child) => child.name === 'value')?.value;
        return name === 'userProperties' || value === undefined ? [] : [[name, value] as const];
      }),
    ),
    userProperties: properties.filter(({ name }) => name === 'userProperties').map(userPropertyOf),
  };
}

/** What sends only the beginning of a message would not do again what the packet did. */
export function isWholeMessage({ type, size, bytes }: PacketRecord): boolean {
  return type === 'publish' && size === bytes.length;
}

function filtersOf(fields: readonly FieldNode[]): PacketFacts['filters'] {
  const all = [...eachField(fields)];
  const topics = all.filter(({ path }) => /^subscriptions\[\d+\]\.filter$/.test(path));
  return topics.map(({ path, value }) => {
    const qos = all.find((field) => field.path === path.replace(/filter$/, 'qos') || isOptionOf(field, path));
    return { filter: textOr(value), qos: Number(qos?.value ?? 0) & 3 };
  });
}

function isOptionOf({ path, name }: FieldNode, filterPath: string): boolean {
  return name === 'qos' && path.startsWith(filterPath.replace(/filter$/, ''));
}

function userPropertyOf({ children = [] }: FieldNode): readonly [string, string] {
  const part = (name: string): string => textOr(children.find((child) => child.name === name)?.value);
  return [part('name'), part('value')];
}

function textOr(value: FieldValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The bytes as text, when that can be written without escapes in a shell and in code. */
export function plainText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return isPlain(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Neither control characters nor those that hide or turn the direction of writing: a shell gets none of them. */
export function isPlain(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
}
