/** Checks a configuration against its schema and fills in the defaults. */
import { Ajv } from 'ajv';
import type { BridgeConfig } from './bridge-config.ts';
import { configSchema } from './config-schema.ts';

/** The configuration is not valid; the message names each wrong value by its JSON pointer. */
export class BridgeConfigError extends Error {
  readonly code = 'invalid-config';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the configuration is not valid: ${problems.join('; ')}`);
    this.problems = problems;
  }

  override get name(): string {
    return 'BridgeConfigError';
  }
}

/** `coerce`: texts of the environment may stand for numbers and booleans. */
export function resolveConfig(given: unknown, { coerce = false }: { readonly coerce?: boolean } = {}): BridgeConfig {
  // Values are taken over and filled in, so the caller keeps its own.
  const config: unknown = structuredClone(given ?? {});
  const ajv = new Ajv({ allErrors: true, useDefaults: true, coerceTypes: coerce, strict: true });
  const validate = ajv.compile<BridgeConfig>(configSchema);
  if (validate(config)) return config;
  throw new BridgeConfigError(
    (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const name = (params as { additionalProperty?: string }).additionalProperty;
      return `${instancePath || '/'} ${message ?? 'is not valid'}${name === undefined ? '' : ` (${name})`}`;
    }),
  );
}
