import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { Client, connect, parseUrl } from '../src/index.ts';
import { dial as overSockets } from '../src/transports/sockets.ts';
import { dial as overWeb } from '../src/transports/web.ts';
import { mosquitto, startBroker } from './mosquitto.ts';

const packageFolder = join(import.meta.dirname, '..');

/** What a bundler takes for a runtime. */
async function filesFor(conditions: readonly string[], platform: 'browser' | 'node' | 'neutral'): Promise<string> {
  const { metafile } = await build({
    stdin: { contents: "export { connect } from 'omqtt';", resolveDir: packageFolder },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform,
    conditions: ['@omqtt/source', ...conditions],
    logLevel: 'silent',
  });
  return Object.keys(metafile.inputs).join('\n');
}

test.each([
  { runtime: 'a browser', conditions: [], platform: 'browser', file: 'web.ts' },
  { runtime: 'a worker', conditions: ['workerd', 'worker', 'browser'], platform: 'neutral', file: 'web.ts' },
  { runtime: 'a runtime without a name', conditions: [], platform: 'neutral', file: 'web.ts' },
  { runtime: 'Node', conditions: [], platform: 'node', file: 'node.ts' },
  { runtime: 'Bun', conditions: ['bun', 'node'], platform: 'node', file: 'sockets.ts' },
  { runtime: 'Deno', conditions: ['deno', 'node'], platform: 'node', file: 'sockets.ts' },
] as const)('$runtime gets its own transports [parity P14]', async ({ conditions, platform, file }) => {
  const files = await filesFor(conditions, platform);
  expect(files).toMatch(new RegExp(`src/transports/${file.replace('.', '\\.')}`));
  expect(files.includes('transport-tcp/')).toBe(file !== 'web.ts');
});

test('Node loads no transport before the first dial', () => {
  const program = "await import('omqtt'); console.log(process.moduleLoadList.join());";
  const args = ['--conditions=@omqtt/source', '--input-type=module', '--eval', program];
  const modules = execFileSync(process.execPath, args, { cwd: packageFolder, encoding: 'utf8' });
  expect(modules).toContain('NativeModule');
  expect(modules).not.toMatch(/NativeModule (?:tls|net|http)\b/);
});

test('the published conditions are those of the sources [parity P13]', () => {
  const { imports } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    imports: { '#dial': Record<string, string> & { '@omqtt/source': Record<string, string> } };
  };
  const { '@omqtt/source': sources, ...built } = imports['#dial'];
  const asSources = Object.entries(built).map(([condition, path]) => [
    condition,
    path.replace('./dist/', './src/').replace(/\.js$/, '.ts'),
  ]);
  expect(asSources).toEqual(Object.entries(sources));
});

test('what a browser cannot reach is refused with a reason', async () => {
  const client = new Client({ url: 'mqtt://broker.test', dial: overWeb });
  onTestFinished(() => client.close());
  await expect(client.connect()).rejects.toMatchObject({ code: 'dial-failed', retryable: false });
});

test('a failed connect leaves nothing open', async () => {
  await expect(connect('mqtt://127.0.0.1:1', { connectTimeoutMs: 2000 })).rejects.toMatchObject({
    code: 'dial-failed',
  });
  await expect(connect('http://127.0.0.1')).rejects.toMatchObject({ code: 'invalid-option', option: 'url' });
});

test.skipIf(mosquitto.isMissing)('Bun and Deno get sockets beside their WebSocket', async () => {
  const broker = await startBroker();
  const client = new Client({ url: broker.url, dial: overSockets });
  onTestFinished(() => client.close());
  expect((await client.connect()).transport.peer).toBe(`127.0.0.1:${broker.port}`);
});

test.each(['mqtt', 'tcp', 'ws'])('options of TLS are refused with %s, which is not encrypted', (scheme) => {
  expect(() => parseUrl(`${scheme}://broker.test`, { tls: { ca: '' } })).toThrow('use ');
});

test.each(['mqtts://a', 'tls://a', 'ssl://a', 'wss://a', 'unix:/a'])('options of TLS go along with %s', (url) => {
  expect(parseUrl(url, { tls: { serverName: 'b' } }).target.tls).toEqual({ serverName: 'b' });
});
