/**
 * Passes on what it receives, until it is killed or told to stop; with `subscribe` it only sees to it that it will. To
 * pass a message on and to acknowledge it in the same turn is one commit: after a kill either both have happened or none,
 * so nothing is lost between, and nothing doubled.
 */
import { writeSync } from 'node:fs';
import { sqliteStore } from '@omqtt/store-sqlite';
import { createClient, type Message } from 'omqtt';
import { durableOptions } from './durable-options.ts';

const [url = '', folder = '', , task = ''] = process.argv.slice(2);
const client = createClient(url, durableOptions('subscriber', sqliteStore(`${folder}/subscriber.db`)));
const inbox = client.subscribe('in/#', { qos: 2, ack: 'manual' });

process.once('SIGTERM', () => void client.close({ drainMs: 2000 }));
await client.connect();
await inbox.ready;
if (task === 'subscribe') await client.close();
writeSync(1, 'busy\n');
for await (const message of inbox) {
  // Only a message that can be taken at once is taken in this turn.
  while (!client.writable) await client.drained();
  passOn(message);
}

function passOn(message: Message): void {
  const topic = message.qos === 1 ? 'out/1' : 'out/2';
  const passed = client.enqueue(topic, message.payload, { qos: message.qos });
  message.ack();
  // Closed meanwhile: nothing of the turn was kept, so that the message comes again.
  passed.catch(() => undefined);
}
