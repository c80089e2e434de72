/** The errors that users meet, as the sources declare them. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ErrorClass {
  readonly code: string;
  readonly name: string;
  /** The package that declares it. */
  readonly owner: string;
  /** The sentence above the class. */
  readonly meaning: string;
  /** `undefined`: each error says it for itself. */
  readonly isRetryable: boolean | undefined;
}

/** Every class with a `code` of its own, by code. */
export function readErrorClasses(root: string): ErrorClass[] {
  return globSync('packages/{codec,core,broker}/src/**/*.ts', { cwd: root })
    .flatMap((path) => errorClassesIn(readFileSync(join(root, path), 'utf8'), ownerOf(path)))
    .toSorted((a, b) => a.code.localeCompare(b.code) || a.name.localeCompare(b.name));
}

export function errorClassesIn(source: string, owner: string): ErrorClass[] {
  const classes = source.matchAll(/(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\s*)?export class (\w+Error) extends([^]*?)\n\}/g);
  return Array.from(classes).flatMap(([, comment = '', name = '', body = '']) => {
    const code = /override readonly code = '([^']+)'/.exec(body)?.[1];
    if (code === undefined) return [];
    return [{ code, name, owner, meaning: sentences(comment), isRetryable: retryable(body) }];
  });
}

function retryable(body: string): boolean | undefined {
  if (/override readonly retryable: boolean;/.test(body)) return undefined;
  return /override readonly retryable = true;/.test(body);
}

function sentences(comment: string): string {
  return comment
    .replaceAll(/\n\s*\* ?/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function ownerOf(path: string): string {
  return `@omqtt/${path.split('/')[1]}`;
}

/** The codes of a union of texts, such as `TransportErrorCode`. */
export function readUnion(source: string, name: string): string[] {
  const union = new RegExp(String.raw`${name}\b[^;]*?(?:=|:)((?:\s*\|?\s*'[^']+')+);`).exec(source)?.[1] ?? '';
  return Array.from(union.matchAll(/'([^']+)'/g), ([, code = '']) => code);
}
