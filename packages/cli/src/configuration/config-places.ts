/** Where options can stand in files. Apart from what reads them, which most runs need not load. */
import { join } from 'node:path';
import type { Io } from '../io.ts';

const PROJECT_FILE = '.omqtt.toml';

export function userFilePath({ env }: Pick<Io, 'env'>): string {
  const base = env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? '/', '.config');
  return join(base, 'omqtt', 'config.toml');
}

export function projectFilePath({ folder }: Pick<Io, 'folder'>): string {
  return join(folder, PROJECT_FILE);
}

export function configPlaces(io: Io): readonly string[] {
  return [projectFilePath(io), userFilePath(io)];
}
