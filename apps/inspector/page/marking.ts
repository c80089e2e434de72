/** What a reader does with marks. */
import type { Row } from '../src/api/row.ts';
import type { Inspector } from './inspector.ts';

/** Marks the selected packet, or takes its mark away. */
export function toggleMark(inspector: Inspector): void {
  const row = inspector.model.detail?.row;
  if (!row || row.number !== inspector.selected) return inspector.announce('no packet is selected');
  if (!inspector.marks.of(row)) return markPacket(inspector, row, '');
  inspector.marks.remove(row.number);
  inspector.announce(`packet ${row.number} is not marked any more`);
  inspector.marksChanged();
}

export function markPacket(inspector: Inspector, row: Pick<Row, 'number' | 'at'>, comment: string): void {
  const isMarked = inspector.marks.set(row, comment);
  inspector.announce(isMarked ? `packet ${row.number} is marked` : 'there are too many marks');
  inspector.marksChanged();
}
