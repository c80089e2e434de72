/** A record as a tree of its fields, with the bytes that each takes. */
import type { FieldNode, FieldValue } from '../decode/field.ts';
import { fieldsOf, type PacketRecord } from '../packet-record.ts';
import { escapeText, shorten } from './escape-text.ts';
import { formatFindings, formatLine } from './format-line.ts';
import { hexOf } from './hex.ts';

const LONGEST_VALUE = 200;
const MOST_BYTES = 32;
/** A packet may have thousands of filters or properties; a reader wants to see that there are. */
const MOST_LINES = 500;

/** All fields of a packet, each on a line with the bytes that it takes. */
export function formatTree(record: PacketRecord): string {
  const lines = fieldsOf(record).flatMap((field) => linesOf(field, '  '));
  const shown =
    lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `  … ${lines.length - MOST_LINES} more`] : lines;
  return [formatLine(record), ...shown, ...formatFindings(record)].join('\n');
}

function linesOf(field: FieldNode, indent: string): string[] {
  const { name, start, end, bits, value, note, children = [] } = field;
  const place = bits === undefined ? `${start}-${end}` : `${start}-${end} bits ${bits.toString(2).padStart(8, '0')}`;
  const shown = value === undefined ? '' : `: ${formatValue(value)}`;
  const meaning = note === undefined ? '' : ` (${escapeText(note)})`;
  return [
    `${indent}${escapeText(name)}${shown}${meaning} [${place}]`,
    ...children.flatMap((child) => linesOf(child, `${indent}  `)),
  ];
}

/** The value of a field as people read it. */
export function formatValue(value: FieldValue): string {
  if (typeof value === 'string') return `"${escapeText(shorten(value, LONGEST_VALUE))}"`;
  if (value instanceof Uint8Array) {
    const rest = value.length > MOST_BYTES ? ` … ${value.length} bytes` : '';
    return `${hexOf(value.subarray(0, MOST_BYTES))}${rest}` || 'empty';
  }
  if (typeof value === 'object') return value.map((part) => formatValue(part)).join(' = ');
  return String(value);
}
