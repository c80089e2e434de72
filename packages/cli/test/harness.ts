/** What most tests of commands need: the built command line, and a broker in this process. */
import { startBroker, type BrokerOptions } from '@omqtt/broker';
import { afterAll } from 'vitest';
import { buildCli } from './built-cli.ts';
import { Omqtt } from './run-omqtt.ts';

export interface Harness {
  readonly omqtt: Omqtt;
  readonly broker: Awaited<ReturnType<typeof startBroker>>;
}

/** Built and started once for a file of tests. */
export async function harness(options: BrokerOptions = {}): Promise<Harness> {
  const [{ bin, remove }, broker] = await Promise.all([buildCli(), startBroker(options)]);
  afterAll(async () => {
    await broker.close();
    remove();
  });
  return { omqtt: new Omqtt(bin), broker };
}
