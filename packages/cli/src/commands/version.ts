/** `omqtt version`. */
import { readFileSync } from 'node:fs';
import type { Task } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { json } from '../options/output-options.ts';

export function run({ io, settings }: Task): Promise<number> {
  const facts = { omqtt: ownVersion(), node: process.versions.node, platform: `${process.platform} ${process.arch}` };
  if (settings.get(json) === true) io.out.line(JSON.stringify({ v: 1, ...facts }));
  else io.out.line(`omqtt ${facts.omqtt} on Node ${facts.node}, ${facts.platform}`);
  return Promise.resolve(exitCodes.done);
}

/** The manifest lies above this file: one folder from `dist/shared`, two from sources. */
export function ownVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
        name: string;
        version: string;
      };
      if (manifest.name === '@omqtt/cli') return manifest.version;
    } catch {
      // The other place.
    }
  }
  return 'unknown';
}
