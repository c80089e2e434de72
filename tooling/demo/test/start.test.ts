import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { requirePeer } from '@omqtt/peers';
import { connect } from 'omqtt';
import { expect, test } from 'vitest';

const curl = requirePeer('curl');

test.skipIf(curl.isMissing)(
  'npm start says where everything is, shows a device at work, and ends when it is told',
  async () => {
    const script = join(import.meta.dirname, '../start.ts');
    const child = spawn(process.execPath, ['--conditions=@omqtt/source', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const said = await textUntil(child.stdout.iterator({ destroyOnReturn: false }), /-d on\n/);
      await using client = await connect(/broker\s+(mqtt:\S+)/.exec(said)?.[1] ?? '');
      const readings = client.subscribe('home/kitchen/temperature');
      const round = async (): Promise<number> => ((await readings.next()).json() as { round: number }).round;

      // The retained one and the one after it: the device goes on measuring.
      const first = await round();
      expect(await round()).toBe(first + 1);
      const answer = await client.request('home/kitchen/thermometer/calibrate', '3');
      expect(answer.text()).toBe('calibrated by 3 °C');

      const lines = [...said.matchAll(/^ {2}(curl .*)$/gm)].map(([, line]) => line);
      const [retained, events, published, ...more] = lines.map(run);
      expect(retained).toMatch(/^\{"celsius":/);
      expect(events).toContain('home/kitchen/temperature');
      expect(published).toContain('"reasonCode"');
      expect(more).toEqual([]);
      const page = new URL(/inspector\s+(http:\S+)/.exec(said)?.[1] ?? '');
      expect((await fetch(page)).status).toBe(200);
      expect((await fetch(/health: (\S+)/.exec(said)?.[1] ?? '')).status).toBe(200);

      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  },
);

async function textUntil(stream: AsyncIterable<unknown>, end: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (end.test(text)) return text;
  }
  throw new Error(`the output ended without ${String(end)}: ${text}`);
}

/** As typed into a shell, but for a stream without end, which is left after two seconds. */
function run(line = ''): string {
  const { status, stdout } = spawnSync('sh', ['-c', `${line} --silent --fail --max-time 2`], { encoding: 'utf8' });
  expect({ line, status }).toEqual({ line, status: line.includes(' -N ') ? 28 : 0 });
  return stdout;
}
