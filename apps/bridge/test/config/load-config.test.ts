import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { BridgeConfigError } from '../../src/config/resolve-config.ts';

function fileWith(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-bridge-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test('YAML and JSON say the same', () => {
  const yaml = fileWith('a.yaml', 'http:\n  port: 1234\nbrokers:\n  main:\n    url: mqtt://x\n');
  const json = fileWith('a.json', '{"http":{"port":1234},"brokers":{"main":{"url":"mqtt://x"}}}');
  expect(loadConfig(yaml, {})).toEqual(loadConfig(json, {}));
  expect(loadConfig(yaml, {}).http).toMatchObject({ port: 1234, host: '127.0.0.1' });
});

test('the environment is on top, and secrets may come from files', () => {
  const path = fileWith('a.yaml', 'http: { port: 1 }');
  const config = loadConfig(path, {
    OMQTT_BRIDGE__HTTP__PORT: '99',
    OMQTT_BRIDGE__HTTP__BODY_LIMIT_BYTES: '5000',
    OMQTT_BRIDGE__OPS__ENABLED: 'false',
    OMQTT_BRIDGE__BROKERS__MAIN__URL: 'mqtt://y',
    OMQTT_BRIDGE__BROKERS__MAIN__PASSWORD_FILE: fileWith('secret', 'pass word\n'),
    OTHER: 'ignored',
  });
  expect(config.http).toMatchObject({ port: 99, bodyLimitBytes: 5000 });
  expect(config.ops).toMatchObject({ enabled: false });
  expect(config.brokers?.['main']).toMatchObject({ url: 'mqtt://y', password: 'pass word' });
});

test.each([
  ['an unknown name', 'http: { prot: 1 }', '/http must NOT have additional properties (prot)'],
  ['a value out of range', 'http: { port: 70000 }', '/http/port must be <= 65535'],
  ['a broker without an address', 'brokers: { main: {} }', "/brokers/main must have required property 'url'"],
  ['what is no YAML', 'a: [', 'cannot be read'],
  ['what is no object', '- 1', 'cannot be read'],
])('%s is refused with its place', (...[, text, message]) => {
  expect(() => loadConfig(fileWith('a.yaml', text), {})).toThrow(BridgeConfigError);
  expect(() => loadConfig(fileWith('a.yaml', text), {})).toThrow(message);
});

test('a file that is not there is refused, and so is a secret', () => {
  expect(() => loadConfig('/nowhere/a.yaml', {})).toThrow(/cannot be read/);
  const environment = { OMQTT_BRIDGE__BROKERS__MAIN__PASSWORD_FILE: '/nowhere/b' };
  expect(() => loadConfig(undefined, environment)).toThrow(/cannot be read/);
});
