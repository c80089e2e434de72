import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { harness } from './harness.ts';

const { omqtt, broker } = await harness();

test('the lines of the README do what they say', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const block = Array.from(readme.matchAll(/^```sh\n(.*?)^```$/gms), ([, lines]) => lines ?? '').find((lines) =>
    lines.startsWith('omqtt broker'),
  );
  // Its broker takes a free port; the others find the one of this test.
  const lines = block?.replace('omqtt broker', 'omqtt broker --port 0') ?? 'false';
  const { status, stdout } = await omqtt.shell(`set -e\ntrap 'kill $(jobs -p)' ERR\n${lines}`, {
    env: { OMQTT_URL: broker.url },
  });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^mqtt:\/\/127\.0\.0\.1:\d+$/m);
  expect(stdout).toContain('sensors/attic {"temp":21.5}\n');
  expect(stdout).toContain('21.5 °C, sensors/attic\n');
  expect(stdout).toMatch(/^rtt: 1 clients[^]*lost 0/m);
  expect(stdout).toMatch(/^MQTT OK - 5 checks/m);
});
