/** Narrows the filter to packets that are like the selected one in the field that is selected. */
import type { FieldNode } from '@omqtt/inspect';
import { toRecord } from '../../src/api/row-of.ts';
import type { Inspector } from '../inspector.ts';
import type { FilterBar } from './filter-bar.ts';
import { termFor } from './filter-terms.ts';

export function filterByField(inspector: Inspector, field: FieldNode | undefined, filterBar: FilterBar): void {
  const { detail } = inspector.model;
  if (!detail) return inspector.announce('no packet is selected');
  // Without a field it is the kind of packet that is meant.
  const term = field ? termFor(field, toRecord(detail)) : `type:${detail.row.type}`;
  if (term === undefined) inspector.announce('this field says nothing to filter by');
  else filterBar.add(term);
}
