import { readFileSync } from 'node:fs';

import { JsonRecord, parseJsonList } from '../json-record.ts';

/** Where a row comes from; the letter begins its id. */
export const groups = ['O', 'Z', 'M', 'E', 'B', 'P'] as const;
export type Group = (typeof groups)[number];

/** One thing that earlier clients do, or fail to do, and that this one must do. */
export interface ParityRow {
  /** A letter of a group and a number, such as `E12`. */
  readonly id: string;
  readonly group: Group;
  readonly what: string;
  /** Why some or all of it is not shown yet. */
  readonly open: string | undefined;
}

export function readParityRows(): readonly ParityRow[] {
  return parseParityRows(readFileSync(new URL('../../parity.json', import.meta.url), 'utf8'));
}

export function parseParityRows(json: string): readonly ParityRow[] {
  const seen = new Set<string>();
  return parseJsonList(json, 'The list of rows').map((item, index) => {
    const record = new JsonRecord(item, `Row ${index}`);
    record.refuseOthers(['id', 'what', 'open']);
    const id = record.text('id');
    const group = groups.find((letter) => id.startsWith(letter));
    if (group === undefined || !/^[A-Z][1-9]\d*$/.test(id)) throw new TypeError(`Row ${index}: ${id} is no id.`);
    if (seen.has(id)) throw new TypeError(`Row ${index}: ${id} is there twice.`);
    seen.add(id);
    return { id, group, what: record.text('what'), open: record.optionalText('open') };
  });
}
