import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mosquitto, startBroker } from './mosquitto.ts';

/** Runs a program that connects, and tells what then keeps it alive. */
async function run(url: string, unref: boolean): Promise<{ readonly code: unknown; readonly said: string }> {
  const program = `
    import { connect } from 'omqtt';
    const client = await connect(${JSON.stringify(url)}, { unref: ${unref}, keepAliveSeconds: 30 });
    const receipt = await client.publish('a', 'x', { qos: 0 });
    console.log(client.isConnected, process.getActiveResourcesInfo().filter((name) => /^(TCPSocket|Timeout)/.test(name)));
    if (!${unref}) await client.close();
  `;
  const options = ['--conditions=@omqtt/source', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, options, {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said, exit] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const [code] = exit as readonly unknown[];
  return { code, said: said.trim().replaceAll(/\s+/g, ' ') };
}

describe.skipIf(mosquitto.isMissing)('a program with a client', () => {
  test('ends by itself when it asked for that, over TCP and WebSocket', async () => {
    const broker = await startBroker({ webSocket: true });
    for (const url of [broker.url, broker.webSocketUrl]) {
      expect(await run(url, true)).toEqual({ code: 0, said: 'true []' });
    }
  }, 20_000);

  test('is kept alive by it otherwise', async () => {
    const broker = await startBroker();
    const { code, said } = await run(broker.url, false);
    expect(code).toBe(0);
    expect(said).toContain('TCPSocket');
  }, 20_000);
});
