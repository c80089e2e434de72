/**
 * Publishes until it is killed, or, with `drain`, only until what is in its store is delivered. What was accepted is
 * written to the ledger, by a system call that a kill cannot undo.
 */
import { openSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { sqliteStore } from '@omqtt/store-sqlite';
import { createClient } from 'omqtt';
import { durableOptions } from './durable-options.ts';

const [url = '', folder = '', life = '', task = ''] = process.argv.slice(2);
const client = createClient(url, durableOptions('publisher', sqliteStore(`${folder}/publisher.db`)));
const ledger = openSync(`${folder}/accepted`, 'a');
const LANES = 4;
let number = 0;
let isBusy = false;

void client.connect();
if (task === 'drain') await drain();
else await Promise.all(Array.from({ length: LANES }, publish));

async function publish(): Promise<void> {
  for (;;) {
    number += 1;
    const qos = number % 2 === 0 ? 1 : 2;
    const id = `${life}.${number}`;
    await client.enqueue(`in/${qos}`, id, { qos });
    writeSync(ledger, `${qos} ${id}\n`);
    if (!isBusy) writeSync(1, 'busy\n');
    isBusy = true;
    // As fast as a thousand kills can bear.
    await wait(3);
  }
}

async function drain(): Promise<void> {
  // The first one finds the store open; it is not in the ledger, since nobody waits for it.
  await client.enqueue('in/1', `${life}.drain`, { qos: 1 }).then(({ receipt }) => receipt);
  while (client.counts.waitingMessages + client.counts.inFlight > 0) await wait(10);
  await client.close();
}
