import type { Row } from './coverage.ts';
import { isCodecKind } from './statement.ts';
import type { Kind } from './statement.ts';

/** A layer of the client library whose statements can be required to be covered. */
export const layers = ['codec', 'session', 'transport'] as const;
export type Layer = (typeof layers)[number];

export interface Requirement {
  readonly layer: Layer;
  /** Rows whose primary check belongs to the layer. */
  readonly rows: readonly Row[];
  /** Rows that the layer shares with the one that has their primary check; told, not required. */
  readonly shared: readonly Row[];
}

export function selectRequirement(rows: readonly Row[], layer: Layer): Requirement {
  const own = (row: Row): boolean => belongsTo(row.statement.check, layer);
  const also = (row: Row): boolean => row.statement.alsoCheck.some((kind) => belongsTo(kind, layer));
  const client = rows.filter((row) => row.side === 'client');
  return {
    layer,
    rows: client.filter(own),
    shared: client.filter((row) => !own(row) && also(row)),
  };
}

export function openRows(rows: readonly Row[]): readonly Row[] {
  return rows.filter((row) => row.state === 'open');
}

function belongsTo(kind: Kind, layer: Layer): boolean {
  return layer === 'codec' ? isCodecKind(kind) : kind === layer;
}
