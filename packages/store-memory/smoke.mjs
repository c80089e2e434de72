// Runs in an empty project that installed the package, in every runtime: only what all of them have is used here.
import { memoryStore } from '@omqtt/store-memory';

const store = memoryStore();
await store.open('smoke');
await store.commit([
  {
    type: 'put',
    message: { sequence: 1, stage: 'waiting', topic: 'a', payload: Uint8Array.of(1), qos: 1, retain: false },
  },
  { type: 'sent', sequence: 1, packetId: 9 },
]);
await store.close();

const session = await store.open('smoke');
const [message] = await session.read(0, 10);
if (message?.packetId !== 9 || session.nextSequence !== 2) throw new Error('the message was not kept');
await store.close();
