import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connect } from 'omqtt';
import { expect, test } from 'vitest';

test('npm start says where everything is, shows a device at work, and ends when it is told', async () => {
  const script = join(import.meta.dirname, '../start.ts');
  const child = spawn(process.execPath, ['--conditions=@omqtt/source', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await firstMatch(createInterface(child.stdout), /broker\s+(mqtt:\S+)/);
    await using client = await connect(url);
    const readings = client.subscribe('home/kitchen/temperature');
    const round = async (): Promise<number> => ((await readings.next()).json() as { round: number }).round;

    // The retained one and the one after it: the device goes on measuring.
    const first = await round();
    expect(await round()).toBe(first + 1);
    const answer = await client.request('home/kitchen/thermometer/calibrate', '3');
    expect(answer.text()).toBe('calibrated by 3 °C');

    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});

async function firstMatch(lines: AsyncIterable<string>, pattern: RegExp): Promise<string> {
  for await (const line of lines) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error(`the output ended without ${String(pattern)}`);
}
