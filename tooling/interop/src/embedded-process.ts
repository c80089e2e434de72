/** The embedded broker on the ports of its arguments, in a process that can be killed. */
import { startBroker } from '@omqtt/broker';

const [port, webSocketPort] = process.argv.slice(2).map(Number);
await startBroker({
  listeners: [
    { type: 'tcp', port: port ?? 0 },
    { type: 'ws', port: webSocketPort ?? 0 },
  ],
});
