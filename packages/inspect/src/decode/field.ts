/** A part of a packet with the bytes that it takes: the tree that an inspector shows beside the hex. */
import type { UserProperty } from '@omqtt/codec';

export type FieldValue = string | number | boolean | Uint8Array | UserProperty;

export interface FieldNode {
  /** What the packet object calls it, such as `topic`. */
  readonly name: string;
  /** Where it stands in the packet object, such as `properties.topicAlias` or `subscriptions[0].filter`. */
  readonly path: string;
  /** Index of its first byte, counted from the first byte of the packet. */
  readonly start: number;
  /** Index behind its last byte. */
  readonly end: number;
  /** For a field that is less than a byte: its bits. */
  readonly bits?: number;
  readonly value?: FieldValue;
  /** What the value means, such as the name of a reason code. */
  readonly note?: string;
  readonly children?: readonly FieldNode[];
}

/** All nodes of the tree, parents before their children. */
export function* eachField(fields: readonly FieldNode[]): Generator<FieldNode> {
  for (const field of fields) {
    yield field;
    if (field.children) yield* eachField(field.children);
  }
}

/** The smallest field that holds the byte at `offset`: what to mark when somebody points at the hex. */
export function fieldAt(fields: readonly FieldNode[], offset: number): FieldNode | undefined {
  const found = fields.findLast(({ start, end }) => start <= offset && offset < end);
  return found && (fieldAt(found.children ?? [], offset) ?? found);
}
