#!/usr/bin/env node
/** The command: `omqtt-bridge [config]`, `check-config`, `print-openapi`, `keys create`. */
import { createApiKey } from './access/api-keys.ts';
import { configSchema } from './config/config-schema.ts';
import { loadConfig } from './config/load-config.ts';
import { BridgeConfigError } from './config/resolve-config.ts';
import { printedOpenApi } from './openapi/print-openapi.ts';
import { jsonLog } from './ops/json-log.ts';
import { type Bridge, startBridge } from './start-bridge.ts';

const USAGE = `omqtt-bridge: an HTTP gateway to MQTT

  omqtt-bridge [serve] [config.yaml]   starts the bridge; without a configuration with a broker of its own, on loopback
  omqtt-bridge check-config [config]   says whether the configuration is valid
  omqtt-bridge print-openapi           prints the OpenAPI document of its routes
  omqtt-bridge print-schema            prints the JSON Schema of the configuration
  omqtt-bridge keys create <id>        makes an API key, and prints what belongs into the configuration

Any value can also come from the environment: OMQTT_BRIDGE__HTTP__PORT=8080, OMQTT_BRIDGE__BROKERS__MAIN__URL=…,
and with _FILE at the end from a file. SIGHUP reads keys, tokens and roles anew; SIGTERM ends the bridge in order.
`;

const log = jsonLog((line) => process.stderr.write(line));

async function main([command = 'serve', ...rest]: readonly string[]): Promise<number> {
  if (command === 'serve') return serve(rest[0]);
  if (command === 'check-config') return checkConfig(rest[0]);
  if (command === 'print-openapi') return print(await printedOpenApi());
  if (command === 'print-schema') return print(JSON.stringify(configSchema, null, 2));
  if (command === 'keys' && rest[0] === 'create') return createKey(rest[1]);
  if (command === 'help' || command === '--help' || command === '-h') return print(USAGE);
  if (/\.(?:ya?ml|json)$/.test(command)) return serve(command);
  process.stderr.write(`There is no command ${JSON.stringify(command)}.\n\n${USAGE}`);
  return 2;
}

async function serve(path: string | undefined): Promise<number> {
  const bridge = await startBridge({ ...loadConfig(path), logger: log });
  log.info('the bridge listens', { url: bridge.url, adminUrl: bridge.adminUrl });
  process.on('SIGHUP', () => reload(bridge, path));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  log.info('the bridge ends');
  await bridge.close();
  return 0;
}

function reload(bridge: Bridge, path: string | undefined): void {
  try {
    bridge.reload(loadConfig(path));
    log.info('keys, tokens and roles were read anew');
  } catch (error) {
    log.error('the configuration was not taken over', { error });
  }
}

function checkConfig(path: string | undefined): number {
  loadConfig(path);
  return print('The configuration is valid.');
}

function createKey(id: string | undefined): number {
  if (id === undefined || !/^[a-z0-9-]{1,64}$/.test(id)) {
    process.stderr.write('An id of small letters, digits and hyphens is missing: omqtt-bridge keys create <id>\n');
    return 2;
  }
  const { key, sha256 } = createApiKey(id);
  return print(
    `key for the caller (not kept anywhere): ${key}\nfor the configuration: ${JSON.stringify({ id, role: '…', secrets: [{ sha256 }] })}`,
  );
}

function print(text: string): number {
  process.stdout.write(`${text.trimEnd()}\n`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isTold = error instanceof BridgeConfigError || (error as NodeJS.ErrnoException).syscall === 'listen';
  process.stderr.write(`${isTold ? (error as Error).message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
}
