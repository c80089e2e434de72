import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startBroker } from '@omqtt/broker';
import { connect } from 'omqtt';
import { describe, expect, onTestFinished, test } from 'vitest';

const bin = join(import.meta.dirname, '../src/bin.ts');
const node = ['--conditions=@omqtt/source', bin];

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  readonly adminUrl: string;
  /** The next line of the log with this message. */
  readonly logged: (message: string) => Promise<Readonly<Record<string, unknown>>>;
}

async function start(config: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-bridge-'));
  const path = join(folder, 'bridge.yaml');
  writeFileSync(path, config);
  const child = spawn(process.execPath, [...node, 'serve', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  });
  const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]();
  const logged = async (message: string): Promise<Readonly<Record<string, unknown>>> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the bridge ended without saying "${message}"`);
      const entry = JSON.parse(value) as Readonly<Record<string, unknown>>;
      if (entry['message'] === message) return entry;
    }
  };
  const { url, adminUrl } = (await logged('the bridge listens')) as { url: string; adminUrl: string };
  return { child, url, adminUrl, logged };
}

const anyPorts = 'http: { port: 0 }\nops: { port: 0 }\n';

async function untilReady(adminUrl: string): Promise<void> {
  while ((await fetch(`${adminUrl}/readyz`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 10));
}

function run(...words: string[]): readonly unknown[] {
  const { status, stderr } = spawnSync(process.execPath, [...node, ...words], { encoding: 'utf8' });
  return [status, stderr];
}

/** In the order of the page. */
function curlLines(page: string): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, page), 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)]
    .flatMap(([, block = '']) => block.replaceAll('\\\n', ' ').split('\n'))
    .filter((line) => /^(?:curl|printf) /.test(line));
}

describe('the command', () => {
  test('starts without a configuration, with a broker of its own, and ends in order', async () => {
    const { child, url, adminUrl } = await start(anyPorts);
    await untilReady(adminUrl);
    expect((await fetch(`${url}/v1/topics/a`, { method: 'PUT', body: 'x' })).status).toBe(200);
    expect(await (await fetch(`${url}/v1/topics/a`)).text()).toBe('x');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test.for(['../README.md', '../../../docs/guide/bridge.md'])(
    'does what the curl lines of %s say',
    { timeout: 60_000 },
    async (page) => {
      const broker = await startBroker();
      onTestFinished(() => broker.close());
      const client = await connect(broker.url);
      onTestFinished(() => client.close());
      await client.respond('service/time', () => '12:00').ready;
      const { url, adminUrl } = await start(`${anyPorts}brokers: { main: { url: '${broker.url}' } }`);
      await untilReady(adminUrl);
      const commands = curlLines(page).map((line) => {
        const command = line.replaceAll('http://localhost:8080', url).replaceAll('http://localhost:9090', adminUrl);
        // What goes on for ever is read for a moment.
        return line.startsWith('curl -N')
          ? `${command} -s --max-time 2 | grep -q 'event: ready'`
          : `${command} -sS --fail --max-time 5`;
      });
      expect(commands.length).toBeGreaterThan(8);
      for (const command of commands) {
        // The broker is in this process, which must not wait.
        const [status] = (await once(spawn('sh', ['-c', command], { stdio: 'ignore' }), 'exit')) as [number];
        expect([command, status]).toEqual([command, 0]);
      }
    },
  );

  test('reads its keys anew at SIGHUP', async () => {
    const running = await start(anyPorts);
    await untilReady(running.adminUrl);
    running.child.kill('SIGHUP');
    expect(await running.logged('keys, tokens and roles were read anew')).toMatchObject({ level: 'info' });
  });

  test('makes a key that works with what it prints', () => {
    const printed = execFileSync(process.execPath, [...node, 'keys', 'create', 'meter'], { encoding: 'utf8' });
    const [, key = ''] = /(omq_meter_\S+)/.exec(printed) ?? [];
    expect(key.length).toBeGreaterThan(50);
    expect(printed).toMatch(/"sha256":"[0-9a-f]{64}"/);
  });

  test('says what is wrong with a configuration, and with a command', () => {
    expect(run('check-config', '/nowhere.yaml')).toEqual([1, expect.stringContaining('cannot be read')]);
    expect(run('nonsense')).toEqual([2, expect.stringContaining('There is no command "nonsense"')]);
  });
});
