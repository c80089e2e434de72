import { readFileSync } from 'node:fs';

import { JsonRecord, parseJsonList } from './json-record.ts';
import { binders, kinds, roles, statementKey, versions } from './statement.ts';
import type { Statement, Version } from './statement.ts';

/** All statements of both versions, in the order of the standards. */
export function readStatements(): readonly Statement[] {
  return versions.flatMap((version) => {
    const file = new URL(`../statements/mqtt-${version}.json`, import.meta.url);
    return parseStatements(readFileSync(file, 'utf8'), version);
  });
}

export function parseStatements(json: string, version: Version): readonly Statement[] {
  const where = `The list of ${version}`;
  const statements = parseJsonList(json, where).map((item, index) =>
    parseStatement(new JsonRecord(item, `${where}, entry ${index}`), version),
  );
  const ids = new Set<string>();
  for (const { id } of statements) {
    if (ids.has(id)) throw new TypeError(`${where} has ${id} twice.`);
    ids.add(id);
  }
  return statements;
}

export function indexStatements(statements: readonly Statement[]): ReadonlyMap<string, Statement> {
  return new Map(statements.map((statement) => [statementKey(statement.version, statement.id), statement]));
}

const fieldNames = [
  'id',
  'altId',
  'printedId',
  'section',
  'binds',
  'role',
  'check',
  'alsoCheck',
  'gist',
  'test',
  'clientReaction',
  'v5',
] as const;

function parseStatement(record: JsonRecord, version: Version): Statement {
  record.refuseOthers(fieldNames);
  return {
    version,
    id: record.text('id'),
    otherIds: [record.optionalText('altId'), record.optionalText('printedId')].filter((id) => id !== undefined),
    section: record.text('section'),
    binds: record.choice('binds', binders),
    role: record.choice('role', roles),
    check: record.choice('check', kinds),
    alsoCheck: record.choiceList('alsoCheck', kinds),
    gist: record.text('gist'),
    test: record.text('test'),
    clientReaction: record.optionalText('clientReaction'),
    twin: record.optionalText('v5'),
  };
}
