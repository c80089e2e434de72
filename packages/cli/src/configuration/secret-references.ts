/** `env:NAME`, `file:PATH`, `cmd:COMMAND`: where a secret is, instead of the secret. */
import { readFileSync } from 'node:fs';
import { LocalFileError, UsageError } from '../cli-error.ts';
import type { Io } from '../io.ts';

const reference = /^(?<kind>env|file|cmd):(?<rest>[\s\S]+)$/;

/** `password` has options that read it from elsewhere; they read it when it is needed. */
const passwordOptions: Readonly<Record<string, string>> = {
  env: 'password-env',
  file: 'password-file',
  cmd: 'password-cmd',
};

interface Place {
  readonly place: string;
  readonly io: Io;
  readonly isSecret: boolean;
}

export function dereferenced(
  name: string,
  texts: readonly string[],
  { place, io, isSecret }: Place,
): readonly [string, readonly string[]] {
  for (const text of texts) if (name === 'url') refusePassword(place, text);
  if (!isSecret && name !== 'password') return [name, texts];
  if (name === 'password') {
    const { kind = '', rest = '' } = reference.exec(texts[0] ?? '')?.groups ?? {};
    const option = passwordOptions[kind];
    if (option === undefined) throw plainSecret(place, name);
    return [option, [rest]];
  }
  return [name, texts.map((text) => resolved(place, name, { text, io }))];
}

/** Throws a `UsageError` for what is no reference. */
export function checkReference(place: string, name: string, text: string): void {
  if (!reference.test(text)) throw plainSecret(place, name);
}

function resolved(place: string, name: string, { text, io }: { readonly text: string; readonly io: Io }): string {
  const { kind, rest = '' } = reference.exec(text)?.groups ?? {};
  if (kind === 'env') return io.env[rest] ?? '';
  if (kind !== 'file') throw plainSecret(place, name);
  try {
    return (readFileSync(rest, 'utf8').split(/\r?\n/, 1)[0] ?? '').trimEnd();
  } catch (error) {
    throw new LocalFileError('read the secret in', rest, error);
  }
}

export function refusePassword(place: string, url: string): void {
  if (/^[a-z]+:\/\/[^/@]*:[^/@]*@/i.test(url)) {
    throw new UsageError(`${place}: a URL in a file has no password: use username, and password = "env:NAME"`);
  }
}

function plainSecret(place: string, name: string): UsageError {
  return new UsageError(`${place}: ${name} stands there by reference only: "env:NAME", "file:PATH" or "cmd:COMMAND"`);
}
