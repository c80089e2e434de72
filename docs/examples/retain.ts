/** A retained message waits at the server for who subscribes later; an empty one takes it away. */
import { connect } from 'omqtt';

await using client = await connect(process.env['BROKER'] ?? 'mqtt://localhost');

await client.publish('pump/1/state', 'running', { qos: 1, retain: true });

const state = client.subscribe('pump/+/state');
const message = await state.next({ timeoutMs: 5000 });
console.log(message.text(), message.retain ? '(retained)' : '(live)');
// → running (retained)

await client.publish('pump/1/state', '', { qos: 1, retain: true });
await state.next({ timeoutMs: 5000 }); // who is there hears of the removal, too
await state.unsubscribe();

const later = client.subscribe('pump/+/state');
await later.ready;
await client.ping(); // whatever was retained would have come before the answer
console.log(later.poll() ?? 'nothing is retained');
// → nothing is retained
