/** Drives the protocol itself: the session is a machine without socket, timer or promise, and this is a whole driver. */
import { encode, PacketStream } from '@omqtt/codec';
import { Session, type Delivery } from '@omqtt/core/session';
import { tcp } from '@omqtt/transport-tcp';

const { hostname, port } = new URL(process.env['BROKER'] ?? 'mqtt://localhost:1883');

const session = new Session(
  {
    receiveMaximum: 10,
    topicAliasMaximum: 0,
    outboundAliases: 0,
    pingTimeoutMs: 10_000,
    queue: { maxMessages: 100, maxBytes: 100_000, whenFull: 'reject', qos0: 'drop' },
    whenLost: { qos1: 'republish', qos2: 'fail' },
    adopt: false,
    persists: false, // with a store: commit `persist` before anything is sent
  },
  'own-loop',
);
const connection = await tcp()(
  { scheme: 'mqtt', host: hostname, port: Number(port), path: '' },
  AbortSignal.timeout(5000),
);
const stream = new PacketStream({ version: '5.0', role: 'client' });
let timer: NodeJS.Timeout | undefined;

/** Carries out what the machine wants, in this order, until it wants nothing; then sleeps until its deadline. */
function turn(): void {
  while (session.hasEffects) {
    const { send, deliver, settle, close } = session.takeEffects();
    for (const packet of send) connection.write(encode(packet, '5.0'));
    for (const notification of deliver) if (notification.type === 'message') received(notification);
    for (const { operation, packet } of settle) settled(operation, packet?.type);
    if (close !== undefined) void connection.close();
  }
  clearTimeout(timer);
  const deadline = session.nextDeadline();
  if (deadline === undefined || !session.isConnected) return;
  timer = setTimeout(() => {
    session.handleTime(Date.now());
    turn();
  }, deadline - Date.now());
}

connection.start({
  bytes(chunk) {
    for (const packet of stream.push(chunk)) session.receive(packet, Date.now());
    turn();
  },
  drained() {},
  closed() {
    clearTimeout(timer);
    console.log('closed');
  },
});

const subscriptions = [
  { filter: 'loop/#', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 },
] as const;
const message = { topic: 'loop/1', payload: Buffer.from('hello'), qos: 0, retain: false, alias: 'never' } as const;
session.connect({ operation: 1, version: '5.0', cleanStart: true, keepAliveSeconds: 60, properties: {} }, Date.now());
turn();

function settled(operation: number, answer: string | undefined): void {
  console.log(`operation ${operation}: ${answer}`);
  if (operation === 1) session.subscribe({ operation: 2, subscriptions }, Date.now());
  if (operation === 2) session.publish({ operation: 0, ...message }, Date.now()); // 0: nobody waits for it
}

function received(delivery: Delivery): void {
  console.log(delivery.message.topic, Buffer.from(delivery.message.payload).toString());
  session.acknowledge(delivery, {}, Date.now());
  session.disconnect({ reasonCode: 0 }, Date.now());
}
// → operation 1: connack
// → operation 2: suback
// → loop/1 hello
// → closed
