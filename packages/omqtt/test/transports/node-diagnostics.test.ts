import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { fakeClock, memoryTransport, scriptedBroker } from '@omqtt/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { Client, type ClientOptions, type PacketEvent } from '../../src/index.ts';
import { observeClient } from '../../src/transports/node-diagnostics.ts';

function listen(name: string): readonly unknown[] {
  const heard: unknown[] = [];
  const listener = (message: unknown): number => heard.push(message);
  subscribe(name, listener);
  onTestFinished(() => {
    unsubscribe(name, listener);
  });
  return heard;
}

test('a subscriber of the channels sees packets, without secrets, and statuses, next to the hook of the user', async () => {
  const packets = listen('omqtt:packet');
  const statuses = listen('omqtt:status');
  const hooked: PacketEvent[] = [];
  const clock = fakeClock();
  const transport = memoryTransport({ clock });
  const broker = scriptedBroker({ transport, clock });
  const client = observeClient(
    {
      clock,
      clientId: 'mine',
      credentials: { username: 'me', password: 'hunter2' },
      onPacket: (event) => hooked.push(event),
    },
    (options) => new Client({ url: 'mqtt://broker.test', dial: transport.dial }, options),
  );
  const connecting = client.connect();
  await broker.acceptConnection();
  await connecting;
  await client.disconnect();
  expect(packets).toMatchObject([
    { client, direction: 'out', packet: { type: 'connect', username: 'me', password: new Uint8Array(0) } },
    { client, direction: 'in', packet: { type: 'connack' } },
    { client, direction: 'out', packet: { type: 'disconnect' } },
  ]);
  expect(hooked.map(({ packet }) => packet.type)).toEqual(['connect', 'connack', 'disconnect']);
  expect(statuses).toMatchObject(
    ['connecting', 'connected', 'disconnected'].map((type) => ({ client, status: { type } })),
  );
  const shown = packets.map((message) => inspect((message as PacketEvent).packet, { depth: 5 }));
  expect(shown.join()).not.toContain('hunter2');
});

test('without a subscriber the options reach the client as they are', () => {
  const options: ClientOptions = { clientId: 'mine' };
  let given: ClientOptions | undefined;
  observeClient(options, (observed) => {
    given = observed;
    return new Client({ url: 'mqtt://broker.test', dial: () => Promise.reject(new Error('no')) }, observed);
  });
  expect(given).toBe(options);
});
