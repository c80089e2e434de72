/** Keeps what it accepted on disk: it waits there for a connection, over the end of the process, and leaves once. */
import { rmSync } from 'node:fs';
import { createClient } from 'omqtt';
import { sqliteStore } from '@omqtt/store-sqlite';

const url = process.env['BROKER'] ?? 'mqtt://localhost';
const life = () =>
  createClient(url, {
    clientId: 'rain-gauge',
    cleanStart: false,
    session: { expirySeconds: 86_400, store: sqliteStore('rain-gauge.db') },
  });

const offline = life();
await offline.enqueue('rain', '3 mm', { qos: 1 }); // on disk when this resolves
await offline.enqueue('rain', '5 mm', { qos: 2 });
await offline.close(); // or the power goes
console.log('nothing was sent yet');
// → nothing was sent yet

const online = life();
const rain = online.subscribe('rain', { qos: 2 });
await online.connect();
for (let count = 0; count < 2; count += 1) console.log((await rain.next({ timeoutMs: 5000 })).text());
// → 3 mm
// → 5 mm

await rain.unsubscribe();
await online.disconnect({ sessionExpirySeconds: 0 }); // nothing is left at the server
await online.close();
for (const end of ['', '-wal', '-shm', '-holder']) rmSync(`rain-gauge.db${end}`, { force: true });
