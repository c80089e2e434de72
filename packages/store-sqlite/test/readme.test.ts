import { join } from 'node:path';
import { readExamples, runExample } from '@omqtt/readme-examples';
import { expect, test } from 'vitest';
import { mosquitto, startBroker } from '../../omqtt/test/mosquitto.ts';
import { newFolder } from './new-folder.ts';

const folder = join(import.meta.dirname, '..');

test.skipIf(mosquitto.isMissing)('the example in the README prints what it says', async () => {
  const { url } = await startBroker();
  const [{ program, promised }] = readExamples(folder);
  const onDisk = program.replace('./state.db', `${newFolder()}/state.db`);
  expect(await runExample(onDisk, { folder, environment: { BROKER: url } })).toEqual(promised);
});
