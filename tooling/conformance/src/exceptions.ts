import { readFileSync } from 'node:fs';

import { JsonRecord, parseJsonList } from './json-record.ts';
import { sides } from './side.ts';
import type { Side } from './side.ts';
import { statementKey, versions } from './statement.ts';
import type { Statement } from './statement.ts';

/** A statement that no test of that side can cover, and why. */
export interface Exception {
  readonly key: string;
  readonly side: Side;
  readonly reason: string;
}

export function readExceptions(statements: ReadonlyMap<string, Statement>): readonly Exception[] {
  const file = new URL('../exceptions.json', import.meta.url);
  return parseExceptions(readFileSync(file, 'utf8'), statements);
}

export function parseExceptions(json: string, statements: ReadonlyMap<string, Statement>): readonly Exception[] {
  const names = new Set<string>();
  return parseJsonList(json, 'The list of exceptions').map((item, index) => {
    const record = new JsonRecord(item, `Exception ${index}`);
    record.refuseOthers(['version', 'id', 'side', 'reason']);
    const key = statementKey(record.choice('version', versions), record.text('id'));
    if (!statements.has(key)) throw new TypeError(`Exception ${index}: there is no ${key}.`);
    const side = record.optionalChoice('side', sides) ?? 'client';
    if (names.has(`${key} ${side}`)) throw new TypeError(`Exception ${index}: ${key} is there twice.`);
    names.add(`${key} ${side}`);
    return { key, side, reason: record.text('reason') };
  });
}
