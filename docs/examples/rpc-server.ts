/** Answers requests (MQTT 5.0) until it is told to end, and then finishes what it has begun. */
import { connect } from 'omqtt';

const client = await connect(process.env['BROKER'] ?? 'mqtt://localhost');
process.once('SIGTERM', () => void client.close({ drainMs: 5000 }));

await client.respond('calc/square', (request) => String(Number(request.text()) ** 2)).ready;
console.log('ready');
// → ready
