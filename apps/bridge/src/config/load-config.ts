/** A configuration from a file (YAML or JSON), with the environment on top: `OMQTT_BRIDGE__HTTP__BODY_LIMIT_BYTES=…`. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { BridgeOptions } from './bridge-config.ts';
import { BridgeConfigError, resolveConfig } from './resolve-config.ts';

const PREFIX = 'OMQTT_BRIDGE__';
/** The value is in the file of this name, as container platforms hand out secrets. */
const FILE_SUFFIX = '_FILE';

/** Throws a `BridgeConfigError`; what it returns is complete. */
export function loadConfig(path: string | undefined, environment: NodeJS.ProcessEnv = process.env): BridgeOptions {
  const config = path === undefined ? {} : readConfigFile(path);
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith(PREFIX) && value !== undefined) assign(config, name.slice(PREFIX.length), value);
  }
  return resolveConfig(config, { coerce: true });
}

type Section = Record<string, unknown>;

function readConfigFile(path: string): Section {
  try {
    // JSON is YAML.
    const value: unknown = parse(readFileSync(path, 'utf8')) ?? {};
    if (typeof value === 'object' && !Array.isArray(value)) return value as Section;
    throw new Error('it is not an object');
  } catch (error) {
    throw new BridgeConfigError([`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

function assign(config: Section, name: string, value: string): void {
  const isFile = name.endsWith(FILE_SUFFIX);
  const names = name
    .slice(0, isFile ? -FILE_SUFFIX.length : undefined)
    .split('__')
    .map(camelCase);
  const last = names.pop() ?? '';
  let section = config;
  for (const one of names) {
    if (!Object.hasOwn(section, one)) section[one] = {};
    section = section[one] as Section;
    if (typeof section !== 'object' || section === null) {
      throw new BridgeConfigError([`${PREFIX}${name} leads into something that is not a section`]);
    }
  }
  Object.defineProperty(section, last, {
    value: isFile ? secretFrom(value, name) : value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function secretFrom(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BridgeConfigError([`${PREFIX}${name} names a file that cannot be read: ${why}`]);
  }
}

/** `BODY_LIMIT_BYTES` → `bodyLimitBytes`. */
function camelCase(name: string): string {
  return name.toLowerCase().replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
