import { startBroker, type Broker } from '@omqtt/broker';
import { expect, test } from 'vitest';
import { onPreferredPort } from '../src/preferred-port.ts';

const onPort = (port: number): Promise<Broker> => startBroker({ listeners: [{ type: 'tcp', port }] });

test('a port that is taken is left to who has it, and another one is found', async () => {
  await using first = await startBroker();
  const taken = Number(new URL(first.url).port);
  await using second = await onPreferredPort(taken, onPort);

  expect(Number(new URL(second.url).port)).not.toBe(taken);
});

test('what fails for another reason fails', async () => {
  await expect(onPreferredPort(70_000, onPort)).rejects.toThrow('port');
});
