import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { mosquitto, startBroker } from '../../omqtt/test/mosquitto.ts';
import { newFolder } from './new-folder.ts';

const packageFolder = join(import.meta.dirname, '..');
const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');

test.skipIf(mosquitto.isMissing)('the example in the README prints what it says', async () => {
  const { url } = await startBroker();
  const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';
  const promised = Array.from(example.matchAll(/^\/\/ → (.*)$/gm), ([, line]) => line);
  expect(promised).not.toEqual([]);
  const flags = [
    '--conditions=@omqtt/source',
    '--disable-warning=ExperimentalWarning',
    '--input-type=module-typescript',
  ];
  const code = example.replace('./state.db', `${newFolder()}/state.db`);
  // Evaluated inside the package, so that it imports packages by the names that users write.
  const running = promisify(execFile)(process.execPath, [...flags, '--eval', code], {
    cwd: packageFolder,
    env: { ...process.env, BROKER: url },
    timeout: 20_000,
  });
  const { stdout } = await running;
  expect(stdout.trimEnd().split('\n')).toEqual(promised);
});
