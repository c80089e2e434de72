/** The guide of the inspector; its programs are run with those of all pages. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBroker } from '@omqtt/broker';
import { compileFilter } from '@omqtt/inspect';
import { freePort, requirePeer } from '@omqtt/peers';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..');
const guide = readFileSync(join(folder, '../../docs/guide/inspector.md'), 'utf8');
const publisher = requirePeer('mosquitto_pub');

test('every filter in the table of the guide compiles', () => {
  const filters = Array.from(guide.matchAll(/^\| [A-Z][^|]*\? +\| `([^`]+)`/gm), ([, text]) => text ?? '');
  expect(filters.length).toBeGreaterThan(5);
  expect(filters.flatMap((text) => compileFilter(text).problems)).toEqual([]);
});

test.skipIf(publisher.isMissing)(
  'the command for CI ends with 0 as printed, and with 10 for a client that is silent',
  async () => {
    const block = /^```sh\n(omqtt-inspector [^`]*--assert.*?)^```$/ms.exec(guide)?.[1] ?? '';
    expect(block).toContain('mosquitto_pub');
    expect(await exitCodeOf(block)).toBe(0);
    expect(await exitCodeOf(block.replace(/^mosquitto_pub .*$/m, '').replace('5s', '1s'))).toBe(10);
  },
);

async function exitCodeOf(block: string): Promise<number | null> {
  await using broker = await startBroker();
  const port = await freePort();
  const commands = block
    .replaceAll('1884', String(port))
    .replaceAll('1883', new URL(broker.url).port)
    // The inspector has to be there before the client, which a person takes care of by typing.
    .replace(' &\n', ` &\nuntil (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do sleep 0.1; done\n`)
    .replace('mosquitto_pub', publisher.path);
  const program = `${process.execPath} --conditions=@omqtt/source ${join(folder, 'src/omqtt-inspector.ts')}`;
  const child = execFile('bash', ['-c', `omqtt-inspector() { ${program} "$@"; }\n${commands}`], { timeout: 25_000 });
  await once(child, 'close');
  return child.exitCode;
}
