import { startBroker, type Broker } from '@omqtt/broker';
import { startInspector, type Inspector } from '@omqtt/inspector';
import { expect, test } from 'vitest';
import { onPreferredPort } from '../src/preferred-port.ts';

const onPort = (port: number): Promise<Broker> => startBroker({ listeners: [{ type: 'tcp', port }] });

test('a port that is taken is left to who has it, and another one is found', async () => {
  await using first = await startBroker();
  const taken = Number(new URL(first.url).port);
  await using second = await onPreferredPort(taken, onPort);

  expect(Number(new URL(second.url).port)).not.toBe(taken);
});

test('so it is with the page of the inspector, which listens in a thread', { timeout: 60_000 }, async () => {
  await using broker = await startBroker();
  const routes = [{ listen: 'mqtt://127.0.0.1:0', upstream: broker.url }];
  const withPage = (port: number): Promise<Inspector> => startInspector({ routes, ui: { port } });
  const taken = Number(new URL(broker.url).port);
  await using inspector = await onPreferredPort(taken, withPage);

  expect(Number(new URL(inspector.url ?? '').port)).not.toBe(taken);
});

test('what fails for another reason fails', async () => {
  await expect(onPreferredPort(70_000, onPort)).rejects.toThrow('port');
});
