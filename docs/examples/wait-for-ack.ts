/** Waits for the server, but not forever, and tells by the code of an error what went wrong. */
import { connect, MqttError } from 'omqtt';

await using client = await connect(process.env['BROKER'] ?? 'mqtt://localhost');

const receipt = await client.publish('parcel/7', 'left the house', { qos: 1, timeoutMs: 5000 });
console.log(receipt.hadSubscribers ? 'somebody listens' : 'nobody listens');
// → nobody listens

// Many at once: the window that the server allows is kept full, and each call has its own answer.
const readings = Array.from({ length: 1000 }, (_, index) => client.publish('parcel/weight', `${index} g`, { qos: 1 }));
console.log((await Promise.all(readings)).length, 'confirmed');
// → 1000 confirmed

try {
  await client.publish('parcel/+', 'a filter is no topic', { qos: 1 });
} catch (error) {
  console.log(error instanceof MqttError ? error.code : error);
}
// → invalid-topic
