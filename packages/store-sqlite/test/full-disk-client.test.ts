import { rmSync } from 'node:fs';
import type { Client, Subscription } from 'omqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectFor, limit } from '../../omqtt/test/connecting.ts';
import { mosquitto, startBroker, type Broker } from '../../omqtt/test/mosquitto.ts';
import { sqliteStore } from '../src/index.ts';
import { smallDisk, takeRoom } from './small-disk.ts';

const disk = smallDisk('full-client');
const noRoom = { code: 'store-failed', retryable: true, cause: { code: 'store-full', retryable: true } };

/** A message that takes pages. */
function text(number: number): string {
  return `${number} ${'x'.repeat(20_000)}`;
}

/** Asks for message after message, from this number on, until one is refused for lack of room; returns its number. */
async function untilRefused(from: number, take: (number: number) => Promise<unknown>): Promise<number> {
  for (let number = from; number < 1000; number += 1) {
    const [outcome] = await Promise.allSettled([take(number)]);
    if (outcome.status === 'fulfilled') continue;
    expect(outcome.reason).toMatchObject(noRoom);
    return number;
  }
  throw new Error('the disk does not fill');
}

async function expectNumbers(inbox: Subscription, numbers: readonly number[]): Promise<void> {
  const received: number[] = [];
  while (received.length < numbers.length) received.push(Number.parseInt((await inbox.next(limit)).text(), 10));
  expect(received).toEqual(numbers);
  expect(inbox.poll()).toBeUndefined();
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

async function inboxAt(broker: Broker): Promise<Subscription> {
  const receiver = await connectFor(broker);
  const inbox = receiver.subscribe('t', { qos: 1 });
  await inbox.ready;
  return inbox;
}

async function clientWithStore(broker: Broker, file: string): Promise<Client> {
  const session = { expirySeconds: 3600, store: sqliteStore(`${disk}/${file}`) };
  return connectFor(broker, { clientId: file, cleanStart: false, reconnect: { initialMs: 10, maxMs: 50 }, session });
}

describe.skipIf(mosquitto.isMissing || disk === undefined)('a client whose disk is full', () => {
  test('sends what fills the disk all the same, and has room again then', async () => {
    const broker = await startBroker();
    const inbox = await inboxAt(broker);
    const client = await clientWithStore(broker, 'queue.db');
    await client.disconnect();
    const refused = await untilRefused(0, (number) => client.enqueue('t', text(number), { qos: 1 }));
    expect(refused).toBeGreaterThan(10);
    await client.connect();
    await expectNumbers(inbox, upTo(refused));
    await client.publish('t', text(refused), { qos: 1 });
    await expectNumbers(inbox, [refused]);
    await client.close();
    rmSync(`${disk}/queue.db`);
  });

  test('stays connected, fails each new message, and takes them when somebody has made room', async () => {
    const broker = await startBroker();
    const inbox = await inboxAt(broker);
    const client = await clientWithStore(broker, 'traffic.db');
    const statuses: string[] = [];
    client.on('status', ({ type }) => statuses.push(type));
    const publish = (number: number): Promise<unknown> => client.publish('t', text(number), { qos: 1 });
    for (const number of upTo(5)) await publish(number);
    const giveRoom = takeRoom(disk ?? '');
    onTestFinished(giveRoom);
    const refused = await untilRefused(5, publish);
    expect(await untilRefused(refused, publish)).toBe(refused);
    giveRoom();
    await publish(refused);
    await expectNumbers(inbox, upTo(refused + 1));
    expect(statuses).toEqual([]);
  });
});
