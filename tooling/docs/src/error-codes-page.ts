/** `docs/reference/error-codes.md`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readErrorClasses, readUnion, type ErrorClass } from './error-classes.ts';
import { escapeCell, table } from './markdown-table.ts';

const again: ReadonlyMap<boolean | undefined, string> = new Map([
  [true, 'yes'],
  [false, 'no'],
  [undefined, 'it says'],
]);

export function errorCodesPage(root: string): string {
  const contracts = (name: string): string => readFileSync(join(root, 'packages/contracts/src', name), 'utf8');
  const classes = readErrorClasses(root);
  const rows = (owners: readonly string[]): string =>
    table(['code', 'class', 'when', 'retryable'], classes.filter(({ owner }) => owners.includes(owner)).map(rowOf));
  return `# Error codes

Written by \`npm run reference\` from the sources; do not edit it.

Every error is an \`MqttError\` with a \`code\` that does not change, and \`retryable\`: may the same call succeed later?

## Of the client

${rows(['@omqtt/codec', '@omqtt/core'])}

## Of transports

The \`cause\` of \`dial-failed\` and \`connection-lost\` has one of these codes, and the \`phase\` that it came to. What each
means stands in the READMEs of [transport-tcp](../../packages/transport-tcp/README.md) and
[transport-ws](../../packages/transport-ws/README.md).

${list(readUnion(contracts('transport.ts'), 'TransportErrorCode'))}

## Of stores

The \`cause\` of \`store-failed\` has one of these codes. What each means stands in the READMEs of
[store-sqlite](../../packages/store-sqlite/README.md) and [store-indexeddb](../../packages/store-indexeddb/README.md).

${list(readUnion(contracts('session-store.ts'), 'readonly code'))}

## Of the embedded broker

${rows(['@omqtt/broker'])}
`;
}

function rowOf({ code, name, meaning, isRetryable }: ErrorClass): string[] {
  return [`\`${code}\``, `\`${name}\``, escapeCell(meaning), again.get(isRetryable) ?? ''];
}

function list(codes: readonly string[]): string {
  return codes.map((code) => `- \`${code}\``).join('\n');
}
