/** Asks, and gets an answer or an error: an answer that does not come in time, or nobody who could give one. */
import { connect, MqttError } from 'omqtt';

await using client = await connect(process.env['BROKER'] ?? 'mqtt://localhost');

const [four, nine] = await Promise.all([
  client.request('calc/square', '2', { timeoutMs: 5000 }),
  client.request('calc/square', '3', { timeoutMs: 5000 }),
]);
console.log(four.text(), nine.text());
// → 4 9

try {
  await client.request('calc/cube', '2', { timeoutMs: 5000 });
} catch (error) {
  console.log(error instanceof MqttError ? error.code : error);
}
// → no-responder
