/** What the broker does with messages: each check is a small conversation of its own. */
import type { PublishPacket, SubackPacket, SubscriptionRequest } from '@omqtt/codec';
import type { RawLine } from '../raw/raw-line.ts';
import { type Check, type CheckContext, failed, passed, skipped, type Verdict } from './check.ts';

const encoder = new TextEncoder();

export const featureChecks: readonly Check[] = [
  feature('a ping is answered', ['MQTT-3.12.4-1'], async ({ connect, patienceMs }) => {
    const [line] = await connect();
    line.send({ type: 'pingreq' });
    return (await line.next(patienceMs, 'pingresp')) ? passed('PINGRESP') : failed('no PINGRESP');
  }),
  feature('SUBSCRIBE is confirmed', ['MQTT-3.8.4-1', 'MQTT-3.8.4-2', 'MQTT-3.8.4-6'], async (context) => {
    const [line] = await context.connect();
    const filters = [`${context.topic}/a`, `${context.topic}/b`].map((filter) => request(filter, 1));
    const suback = await subscribe(line, filters, context);
    if (suback === undefined) return failed('no SUBACK');
    return suback.reasonCodes.length === 2
      ? passed(`granted ${suback.reasonCodes.join(', ')}`)
      : failed('not one code for each filter');
  }),
  ...([0, 1, 2] as const).map((qos) =>
    feature(
      `QoS ${qos} goes there and back`,
      qos === 0 ? [] : [`MQTT-4.3.${qos + 1}-${qos === 1 ? 4 : 8}`],
      (context) => loop(context, qos),
    ),
  ),
  feature(
    'retained messages are kept, sent to new subscribers, and cleared',
    ['MQTT-3.3.1-5', 'MQTT-3.3.1-6', 'MQTT-3.3.1-9'],
    retained,
  ),
  feature(
    'properties pass unchanged, user properties in their order',
    ['MQTT-3.3.2-17', 'MQTT-3.3.2-18', 'MQTT-3.3.2-20'],
    unchanged,
  ),
  feature('wildcards match', [], wildcards),
  feature('shared subscriptions give each message to one', [], shared),
  feature('subscription identifiers come back', ['MQTT-3.3.4-3'], identifiers),
  feature('No Local holds', ['MQTT-3.8.3-3'], noLocal),
  feature('a will is published when a connection is lost', ['MQTT-3.1.2-8'], will),
  feature('a session is resumed, with what came meanwhile', ['MQTT-3.1.2-5', 'MQTT-3.2.2-2'], resumed),
  feature('a second client with the same id takes over', ['MQTT-3.1.4-3'], takeOver),
];

function feature(name: string, statements: readonly string[], run: Check['run']): Check {
  return { layer: 'features', name, statements, run };
}

function request(filter: string, qos: 0 | 1 | 2, changes: Partial<SubscriptionRequest> = {}): SubscriptionRequest {
  return { filter, qos, noLocal: false, retainAsPublished: false, retainHandling: 0, ...changes };
}

async function subscribe(
  line: RawLine,
  subscriptions: readonly SubscriptionRequest[],
  { patienceMs }: CheckContext,
): Promise<SubackPacket | undefined> {
  line.send({ type: 'subscribe', packetId: 10, subscriptions });
  return line.next(patienceMs, 'suback');
}

function publish(line: RawLine, topic: string, changes: Partial<PublishPacket> = {}): void {
  line.send({
    type: 'publish',
    topic,
    payload: encoder.encode('doctor'),
    qos: 0,
    retain: false,
    dup: false,
    ...changes,
  });
}

async function publishAndWait(
  line: RawLine,
  { topic, patienceMs }: CheckContext,
  changes: Partial<PublishPacket>,
): Promise<void> {
  publish(line, topic, { ...changes, ...(changes.qos !== 0 && { packetId: 12 }) });
  if (changes.qos !== 0) await line.next(patienceMs, 'puback');
}

async function loop(context: CheckContext, qos: 0 | 1 | 2): Promise<Verdict> {
  const { connect, topic, patienceMs } = context;
  const [line, { properties: limits }] = await connect();
  if ((limits?.maximumQoS ?? 2) < qos) return skipped(`the broker says that it has QoS ${limits?.maximumQoS} at most`);
  await subscribe(line, [request(topic, qos)], context);
  const startedAt = performance.now();
  publish(line, topic, { qos, ...(qos > 0 && { packetId: 11 }) });
  if (qos === 1 && !(await line.next(patienceMs, 'puback'))) return failed('no PUBACK');
  if (qos === 2 && !(await line.next(patienceMs, 'pubrec'))) return failed('no PUBREC');
  if (qos === 2) line.send({ type: 'pubrel', packetId: 11, reasonCode: 0 });
  if (qos === 2 && !(await line.next(patienceMs, 'pubcomp'))) return failed('no PUBCOMP');
  const message = await line.next(patienceMs, 'publish');
  if (message === undefined) return failed('the message does not come');
  if (message.qos !== qos) return failed(`it comes at QoS ${message.qos}`);
  return passed(`${(performance.now() - startedAt).toFixed(1)} ms`);
}

async function retained(context: CheckContext): Promise<Verdict> {
  const { connect, topic, patienceMs } = context;
  const [line, { properties: limits }] = await connect();
  if (limits?.retainAvailable === false) return skipped('the broker says that it keeps none');
  const level = limits?.maximumQoS === 0 ? 0 : 1;
  await publishAndWait(line, context, { retain: true, qos: level });
  await subscribe(line, [request(topic, 0)], context);
  const kept = await line.next(patienceMs, 'publish');
  await publishAndWait(line, context, { retain: true, payload: new Uint8Array(0), qos: level });
  if (kept === undefined) return failed('a new subscriber does not get it');
  if (!kept.retain) return failed('it comes without the retain flag');
  const [other] = await connect();
  await subscribe(other, [request(topic, 0)], context);
  return (await other.next(300, 'publish')) ? failed('it is still there after an empty one') : passed('all three');
}

async function unchanged(context: CheckContext): Promise<Verdict> {
  const { connect, topic, patienceMs } = context;
  const [line] = await connect();
  await subscribe(line, [request(topic, 0)], context);
  const sent = {
    contentType: 'text/plain',
    responseTopic: `${topic}/answers`,
    correlationData: Uint8Array.of(0, 1, 255),
    userProperties: [
      ['b', '1'],
      ['a', '2'],
      ['b', '3'],
    ],
  } as const;
  publish(line, topic, { properties: sent });
  const came = (await line.next(patienceMs, 'publish'))?.properties;
  if (came === undefined) return failed('they do not come');
  const changed = (['contentType', 'responseTopic', 'userProperties'] as const).filter(
    (name) => JSON.stringify(came[name]) !== JSON.stringify(sent[name]),
  );
  const isSame = Buffer.compare(came.correlationData ?? new Uint8Array(0), sent.correlationData) === 0;
  const all = [...changed, ...(isSame ? [] : ['correlationData'])];
  return all.length === 0 ? passed('all four') : failed(`changed: ${all.join(', ')}`);
}

async function wildcards(context: CheckContext): Promise<Verdict> {
  const { connect, topic, patienceMs } = context;
  const [line, { properties: limits }] = await connect();
  if (limits?.wildcardSubscriptionAvailable === false) return skipped('the broker says that it has none');
  for (const filter of [`${topic}/+/c`, `${topic}/#`]) {
    const [reader] = await connect();
    await subscribe(reader, [request(filter, 0)], context);
    publish(line, `${topic}/b/c`);
    if (!(await reader.next(patienceMs, 'publish'))) return failed(`${filter} gets nothing`);
  }
  return passed('+ and #');
}

async function shared(context: CheckContext): Promise<Verdict> {
  const { connect, topic, patienceMs } = context;
  const [line, { properties: limits }] = await connect();
  if (limits?.sharedSubscriptionAvailable === false) return skipped('the broker says that it has none');
  const readers = [(await connect())[0], (await connect())[0]];
  for (const reader of readers) await subscribe(reader, [request(`$share/doctor/${topic}`, 0)], context);
  for (let turn = 0; turn < 4; turn += 1) publish(line, topic);
  const counts = await Promise.all(readers.map((reader) => countOf(reader, Math.min(500, patienceMs))));
  const sum = counts.reduce((total, count) => total + count, 0);
  return sum === 4 ? passed(`4 messages went ${counts.join(' + ')}`) : failed(`4 messages came ${sum} times`);
}

async function countOf(line: RawLine, silenceMs: number): Promise<number> {
  let count = 0;
  while (await line.next(silenceMs, 'publish')) count += 1;
  return count;
}

async function identifiers(context: CheckContext): Promise<Verdict> {
  const { connect, topic, patienceMs } = context;
  const [line, { properties: limits }] = await connect();
  if (limits?.subscriptionIdentifierAvailable === false) return skipped('the broker says that it has none');
  const subscriptionIdentifier = 268_435_455;
  line.send({
    type: 'subscribe',
    packetId: 14,
    subscriptions: [request(topic, 0)],
    properties: { subscriptionIdentifier },
  });
  await line.next(patienceMs, 'suback');
  publish(line, topic);
  const found = (await line.next(patienceMs, 'publish'))?.properties?.subscriptionIdentifiers;
  return found?.includes(subscriptionIdentifier)
    ? passed('the largest one')
    : failed(`came with ${JSON.stringify(found)}`);
}

async function noLocal(context: CheckContext): Promise<Verdict> {
  const [line] = await context.connect();
  await subscribe(line, [request(context.topic, 0, { noLocal: true })], context);
  publish(line, context.topic);
  return (await line.next(300, 'publish')) ? failed('the own message comes') : passed('the own message does not come');
}

async function will(context: CheckContext): Promise<Verdict> {
  const { connect, topic, patienceMs } = context;
  const [reader] = await connect();
  await subscribe(reader, [request(topic, 0)], context);
  const [lost] = await connect({ will: { topic, payload: encoder.encode('will'), qos: 0, retain: false } });
  lost.destroy();
  return (await reader.next(patienceMs, 'publish')) ? passed('it comes') : failed('it does not come');
}

async function resumed(context: CheckContext): Promise<Verdict> {
  const { connect, topic, patienceMs } = context;
  const clientId = topic.slice(-12);
  const properties = { sessionExpirySeconds: 60 };
  const [first] = await connect({ clientId, properties });
  await subscribe(first, [request(topic, 1)], context);
  await first.close();
  const [writer, { properties: limits }] = await connect();
  if (limits?.maximumQoS === 0) return skipped('the broker says that it has QoS 0 only');
  publish(writer, topic, { qos: 1, packetId: 15 });
  await writer.next(patienceMs, 'puback');
  const [second, { sessionPresent }] = await connect({ clientId, cleanStart: false, properties });
  const message = await second.next(patienceMs, 'publish');
  // Nothing shall be left behind.
  second.send({ type: 'disconnect', reasonCode: 0, properties: { sessionExpirySeconds: 0 } });
  if (!sessionPresent) return failed('there is no session any more');
  return message === undefined ? failed('what came meanwhile is lost') : passed('both');
}

async function takeOver({ connect, topic, patienceMs }: CheckContext): Promise<Verdict> {
  const clientId = topic.slice(-12);
  const [first] = await connect({ clientId });
  await connect({ clientId });
  const goodbye = await first.next(patienceMs, 'disconnect');
  if (!(await first.ends(patienceMs))) return failed('the first connection stays');
  return passed(goodbye?.reasonCode === 0x8e ? 'the first is told 0x8E' : 'the first is ended without a word');
}
