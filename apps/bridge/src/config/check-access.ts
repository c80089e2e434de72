/** What a schema cannot say about access: names that exist, dates that are some, and no open door by mistake. */
import { InvalidTopicError, type Logger, validateTopicFilter } from 'omqtt';
import type { BridgeConfig } from './bridge-config.ts';
import { BridgeConfigError } from './resolve-config.ts';

export function checkAccess(config: BridgeConfig, logger: Logger): void {
  const problems = [...unknownRoles(config), ...badFilters(config), ...badIssuers(config), ...badDates(config)];
  const { keys, jwt, basic, open } = config.access;
  if (keys.length === 0 && jwt.length === 0 && !basic.enabled) {
    const isLocal = isLoopback(config.http.host);
    if (!isLocal && !open) {
      problems.push(
        '/access has neither keys nor jwt nor basic, and /http/host is not loopback: give callers keys, or set access.open to true ' +
          'where something else keeps strangers out',
      );
    }
    logger.warn('nobody has to say who they are: everybody who reaches the bridge may do anything', { open, isLocal });
  }
  if (problems.length > 0) throw new BridgeConfigError(problems);
}

function unknownRoles({ access: { keys, jwt, basic, roles } }: BridgeConfig): string[] {
  return [...keys, ...jwt, ...(basic.enabled ? [{ role: basic.role ?? '' }] : [])]
    .filter(({ role }) => !Object.hasOwn(roles, role))
    .map(({ role }) => `/access/roles has no ${JSON.stringify(role)}`);
}

function badFilters({ access: { roles } }: BridgeConfig): string[] {
  const filters = Object.values(roles).flatMap(({ rules }) => rules.flatMap((rule) => rule.filters));
  return filters
    .filter((filter) => !isFilter(filter))
    .map((filter) => `${JSON.stringify(filter)} is not a topic filter`);
}

function isFilter(filter: string): boolean {
  try {
    // What is substituted has the form of a name.
    validateTopicFilter(filter.replaceAll(/\$\{[^}]*\}/g, 'x'));
    return true;
  } catch (error) {
    if (error instanceof InvalidTopicError) return false;
    throw error;
  }
}

function badIssuers({ access: { jwt } }: BridgeConfig): string[] {
  return jwt
    .filter(({ jwks, jwksUrl }) => (jwks === undefined) === (jwksUrl === undefined) || !isUrl(jwksUrl))
    .map(({ issuer }) => `/access/jwt: ${JSON.stringify(issuer)} needs either jwks or a jwksUrl`);
}

function isUrl(url: string | undefined): boolean {
  return url === undefined || (URL.canParse(url) && /^https?:/.test(url));
}

function badDates({ access: { keys } }: BridgeConfig): string[] {
  return keys
    .flatMap(({ secrets }) => secrets.map(({ expiresAt }) => expiresAt))
    .filter((date) => date !== undefined && Number.isNaN(Date.parse(date)))
    .map((date) => `/access/keys: ${JSON.stringify(date)} is not a date`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
