import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Broker } from '@omqtt/broker';
import { connect } from 'omqtt';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { startExampleBroker } from './example-broker.ts';
import { emptyFolder, promisedLines, runProgram, startProgram, type Surroundings } from './program.ts';

const folder = join(import.meta.dirname, '../../../docs/examples');
const sourceOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** These need a partner, a page or another runtime, and have tests of their own. */
const special = ['browser.ts', 'rpc-caller.ts', 'rpc-server.ts', 'worker.ts'];
const names = globSync('*.{ts,html}', { cwd: folder }).toSorted();
const alone = names.filter((name) => name.endsWith('.ts') && !special.includes(name));

describe('an example', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startExampleBroker();
  });
  afterAll(() => broker.close());

  const atBroker = ({ onTestFinished }: TestContext): Surroundings => ({
    folder: emptyFolder(onTestFinished),
    environment: { BROKER: broker.url },
  });

  test.concurrent.for(alone)('%s prints what it says', { timeout: 60_000 }, async (name, context) => {
    const promised = promisedLines(sourceOf(name));
    expect(promised.length).toBeGreaterThan(0);
    expect(await runProgram(join(folder, name), atBroker(context))).toEqual(promised);
  });

  test.concurrent('rpc-caller.ts is answered by rpc-server.ts', async (context) => {
    const server = startProgram(join(folder, 'rpc-server.ts'), atBroker(context));
    expect((await server.next()).value).toBe('ready');
    const answers = await runProgram(join(folder, 'rpc-caller.ts'), atBroker(context));
    expect(answers).toEqual(promisedLines(sourceOf('rpc-caller.ts')));
    await server.return();
  });

  test.concurrent('worker.ts publishes what it is sent, over the WebSocket of its platform', async (context) => {
    await using client = await connect(broker.url);
    const readings = client.subscribe('edge/#');
    await readings.ready;
    const environment = { BROKER: broker.urls.ws ?? '' };
    const around = { ...atBroker(context), environment, condition: 'workerd' };
    const answers = await runProgram(join(import.meta.dirname, 'run-worker.ts'), around);
    expect(answers).toEqual(['405 POST a reading', '204', '503 {"code":"dial-failed"}']);
    const reading = await readings.next({ timeoutMs: 5000 });
    expect([reading.topic, reading.text()]).toEqual(['edge/room/1', '21.5']);
  });
});

test('every example is named in the page about them', () => {
  const page = sourceOf('README.md');
  for (const name of names) expect(page).toContain(`(${name})`);
});
