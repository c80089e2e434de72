/** Publishes one message at each QoS, and says goodbye. */
import { connect } from 'omqtt';

await using client = await connect(process.env['BROKER'] ?? 'mqtt://localhost');

await client.publish('garden/soil', '41 %'); // QoS 0: handed to the network, once
await client.publish('garden/soil', '42 %', { qos: 1 }); // the server has it, perhaps twice
const receipt = await client.publish('garden/soil', '43 %', { qos: 2 }); // the server has it, exactly once
console.log(`done with QoS ${receipt.qos}`);
// → done with QoS 2
