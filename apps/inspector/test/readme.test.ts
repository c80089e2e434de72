import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startBroker } from '@omqtt/broker';
import { freePort, requirePeer } from '@omqtt/peers';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');
const publisher = requirePeer('mosquitto_pub');

function promisedIn(block: string, comment: string): string[] {
  return block
    .split('\n')
    .flatMap((line) => (line.startsWith(`${comment} → `) ? [line.slice(comment.length + 3)] : []));
}

test('the example in the README prints what it says', () => {
  const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';
  const printed = execFileSync(
    process.execPath,
    ['--conditions=@omqtt/source', '--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-'],
    { cwd: folder, input: example, encoding: 'utf8' },
  );
  expect(promisedIn(example, '//').length).toBeGreaterThan(0);
  expect(printed.trimEnd().split('\n')).toEqual(promisedIn(example, '//'));
});

test.skipIf(publisher.isMissing)('the commands in the README print what it says, but for the times', async () => {
  await using broker = await startBroker();
  const block = /^```sh\n(omqtt-inspector.*?)^```$/ms.exec(readme)?.[1] ?? '';
  const port = String(await freePort());
  const commands = block
    .replaceAll('1884', port)
    .replaceAll('1883', new URL(broker.url).port)
    // The inspector has to be there before the client, which a person takes care of by typing.
    .replace(' &\n', ` &\nuntil (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do sleep 0.1; done\n`)
    .replace('mosquitto_pub', publisher.path);
  const program = `${process.execPath} --conditions=@omqtt/source ${join(folder, 'src/omqtt-inspector.ts')}`;
  const script = `omqtt-inspector() { ${program} "$@"; }\n${commands}`;
  const { stdout } = await promisify(execFile)('bash', ['-c', script]);
  expect(stdout.trimEnd().split('\n').map(timeless)).toEqual(promisedIn(block, '#').map(timeless));
});

function timeless(line: string): string {
  return line.replace(/^[\d:.]{12}/, '…').replace(/[\d.]+ms$/, '…');
}
