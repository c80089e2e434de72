// Runs in an empty project that installed the package, in every runtime: only what all of them have is used here.
import { encode } from '@omqtt/codec';
import { fakeClock, memoryTransport, scriptedBroker, transportExam } from '@omqtt/testkit';

const clock = fakeClock();
const broker = scriptedBroker({ clock, transport: memoryTransport({ clock, slicing: 'bytewise' }) });
const target = { scheme: 'mqtt', host: 'any', port: 1883, path: '' };
const connection = await broker.dial(target, new AbortController().signal);
connection.start({ bytes: () => {}, drained: () => {}, closed: () => {} });
connection.write(
  encode({ type: 'connect', version: '5.0', clientId: 'smoke', cleanStart: true, keepAliveSeconds: 60 }, '5.0'),
);
await broker.acceptConnection({ connect: { clientId: 'smoke' } });
await broker.expectNothing();
void connection.close();
await broker.expectClosed();

const network = memoryTransport();
const cases = transportExam({
  dial: network.dial,
  listen: () => Promise.reject(new Error('Nobody listens here')),
});
if (cases.length < 20) throw new Error(`the exam has only ${cases.length} cases`);
