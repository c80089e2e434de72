/** Receives in two ways: in a loop that takes one message after the other, and with a handler. */
import { connect } from 'omqtt';

await using client = await connect(process.env['BROKER'] ?? 'mqtt://localhost');

const doors = client.subscribe('house/+/door', { qos: 1 });
const lamps = client.subscribe('house/+/lamp', { concurrency: 4 }, (message) => console.log('lamp:', message.json()));
await Promise.all([doors.ready, lamps.ready]); // the server has agreed

await client.publish('house/hall/lamp', JSON.stringify({ on: true }), { qos: 1 });
await client.publish('house/hall/door', 'open', { qos: 1 });
await client.publish('house/hall/door', 'shut', { qos: 1 });

for await (const message of doors) {
  console.log(`${message.topic}: ${message.text()}`); // acknowledged when the loop asks for the next one
  if (message.text() === 'shut') break;
}
// → lamp: { on: true }
// → house/hall/door: open
// → house/hall/door: shut
