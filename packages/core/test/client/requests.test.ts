import type { PublishPacket } from '@omqtt/codec';
import type { ScriptedBroker } from '@omqtt/testkit';
import { describe, expect, test } from 'vitest';
import { codeOf, connect, connected, newBench, watch } from './bench.ts';
import { message, subscribed } from './subscribed.ts';

async function grantReplies(broker: ScriptedBroker): Promise<string> {
  const { packetId, subscriptions } = await broker.expect('subscribe');
  broker.send({ type: 'suback', packetId, reasonCodes: [1] });
  return subscriptions[0]?.filter ?? '';
}

/** The request on the wire, acknowledged. */
async function takeRequest(broker: ScriptedBroker, reasonCode = 0): Promise<PublishPacket> {
  const request = await broker.expect('publish');
  broker.send({ type: 'puback', packetId: request.packetId ?? 0, reasonCode });
  return request;
}

function answerTo({ properties }: PublishPacket, text: string, packetId = 1): PublishPacket {
  const { responseTopic = '', correlationData = new Uint8Array() } = properties ?? {};
  return message(responseTopic, text, { packetId, properties: { correlationData } });
}

describe('a request', () => {
  test('listens first, on one topic for the life of the client, and resolves with the answer [parity Z30, E43]', async () => {
    const { client, broker } = await connected();
    const answer = client.request('service', 'question', { properties: { contentType: 'text/plain' } });
    const topic = await grantReplies(broker);
    expect(topic).toMatch(/^omqtt\/reply\/[0-9a-f]{32}$/);
    const request = await takeRequest(broker);
    expect(request).toMatchObject({
      topic: 'service',
      qos: 1,
      properties: { responseTopic: topic, contentType: 'text/plain' },
    });
    expect(request.properties?.correlationData?.length).toBe(16);
    broker.send(answerTo(request, 'answer'));
    expect((await answer).text()).toBe('answer');
    await broker.expect('puback');
    void codeOf(client.request('service', 'again'));
    expect((await takeRequest(broker)).properties?.responseTopic).toBe(topic);
  });

  test('finds its answer among others, in any order [parity Z30, E43]', async () => {
    const { client, broker } = await connected();
    const answers = ['0', '1', '2'].map((text) => client.request('service', text));
    await grantReplies(broker);
    const requests = [await takeRequest(broker), await takeRequest(broker), await takeRequest(broker)];
    for (const index of [2, 0, 1]) broker.send(answerTo(requests[index] as PublishPacket, `to ${index}`, index + 1));
    expect((await Promise.all(answers)).map((answer) => answer.text())).toEqual(['to 0', 'to 1', 'to 2']);
  });

  test('ends with its time, and a late answer is acknowledged and does no harm [parity Z30]', async () => {
    const { client, broker, clock } = await connected({ keepAliveSeconds: 0 });
    const answer = watch(client.request('service', 'x'));
    await grantReplies(broker);
    const request = await takeRequest(broker);
    await clock.settle(29_999);
    expect(answer.state).toBe('pending');
    await clock.settle(1);
    expect(answer.error?.code).toBe('timed-out');
    broker.send(answerTo(request, 'late'));
    expect(await broker.expect('puback')).toMatchObject({ reasonCode: 0 });
    expect(client.counts).toMatchObject({ operations: 0, unrouted: 0 });
  });

  test('has one time for all its steps, and is taken back when it has not left', async () => {
    const { client, clock } = newBench();
    const answer = watch(client.request('service', 'x', { timeoutMs: 100 }));
    await clock.settle(100);
    expect(answer.error?.code).toBe('timed-out');
    expect(client.counts.waitingMessages).toBe(0);
    const bench = await connected();
    const second = watch(bench.client.request('service', 'x', { timeoutMs: 100 }));
    await bench.clock.settle(60);
    await grantReplies(bench.broker);
    await bench.clock.settle(39);
    expect(second.state).toBe('pending');
    await bench.clock.settle(1);
    expect(second.error?.code).toBe('timed-out');
  });

  test('fails at once when nobody is there to answer (0x10) [parity E43]', async () => {
    const { client, broker } = await connected();
    const answer = codeOf(client.request('service', 'x'));
    await grantReplies(broker);
    await takeRequest(broker, 0x10);
    expect(await answer).toBe('no-responder');
  });

  test('fails when its topic is no topic, when it is refused, and when nobody may listen for the answer', async () => {
    const { client, broker } = await connected();
    expect(await codeOf(client.request('a/#', 'x'))).toBe('invalid-topic');
    const unheard = codeOf(client.request('service', 'x'));
    const { packetId } = await broker.expect('subscribe');
    broker.send({ type: 'suback', packetId, reasonCodes: [0x87] });
    expect(await unheard).toBe('subscribe-refused');
    const refused = codeOf(client.request('service', 'x'));
    await grantReplies(broker);
    await takeRequest(broker, 0x87);
    expect(await refused).toBe('publish-refused');
  });

  test('goes on after a loss of the connection [parity Z30, E43]', async () => {
    const { client, broker, clock } = await connected({ session: { expirySeconds: 60 } });
    const answer = watch(client.request('service', 'x'));
    await grantReplies(broker);
    const request = await takeRequest(broker);
    broker.cut();
    await clock.settle(500);
    await broker.acceptConnection({ sessionPresent: true });
    broker.send(answerTo(request, 'after all'));
    await clock.settle();
    expect(answer.value?.text()).toBe('after all');
  });
});

function question(properties: object, qos: 0 | 1 | 2 = 1): PublishPacket {
  return message('service', 'q', { qos, properties });
}

describe('open requests', () => {
  test('are bounded: one more is refused, and each that ends makes room [parity Z30, E43]', async () => {
    const { client, broker, clock } = await connected({ maxRequests: 2 });
    const [first, second] = [watch(client.request('s', '1')), watch(client.request('s', '2', { timeoutMs: 100 }))];
    expect(await codeOf(client.request('s', '3'))).toBe('too-many-requests');
    await grantReplies(broker);
    const request = await takeRequest(broker);
    await takeRequest(broker);
    await broker.expectNothing();
    broker.send(answerTo(request, 'answer'));
    await clock.settle(100);
    expect([first.value?.text(), second.error?.code]).toEqual(['answer', 'timed-out']);
    await broker.expect('puback');
    for (const text of ['4', '5']) void codeOf(client.request('s', text));
    expect(await codeOf(client.request('s', '6'))).toBe('too-many-requests');
    expect([await takeRequest(broker), await takeRequest(broker)]).toMatchObject([{ topic: 's' }, { topic: 's' }]);
  });

  test('get their answers where the server has room for this client, when it says so [parity E43]', async () => {
    const { client, broker } = await connected({}, { properties: { responseInformation: 'clients/7' } });
    expect(broker.received[0]?.packet).toMatchObject({ properties: { requestResponseInformation: true } });
    void codeOf(client.request('s', '1'));
    expect(await grantReplies(broker)).toMatch(/^clients\/7\/[0-9a-f]{32}$/);
  });

  test('get their answers there too when they were asked before the first connection [parity E43]', async () => {
    const bench = newBench();
    void codeOf(bench.client.request('s', '1'));
    await bench.clock.settle(10);
    await connect(bench, { properties: { responseInformation: 'clients/7' } });
    expect(await grantReplies(bench.broker)).toMatch(/^clients\/7\/[0-9a-f]{32}$/);
    expect((await takeRequest(bench.broker)).properties?.responseTopic).toMatch(/^clients\/7\//);
  });

  test('end with a client that never connects', async () => {
    const { client } = newBench();
    const answer = watch(client.request('s', '1'));
    await client.close();
    expect(answer.error?.code).toBe('client-closed');
    expect(await codeOf(client.request('s', '1'))).toBe('client-closed');
  });

  test('do not ask where the answers may go when the user does not want it', async () => {
    const { broker } = await connected({ properties: { requestResponseInformation: false } });
    expect(broker.received[0]?.packet).toMatchObject({ properties: { requestResponseInformation: false } });
  });

  test('do not follow the server to what is no topic', async () => {
    const { client, broker } = await connected({}, { properties: { responseInformation: 'clients/+' } });
    void codeOf(client.request('s', '1'));
    expect(await grantReplies(broker)).toMatch(/^omqtt\/reply\/[0-9a-f]{32}$/);
  });
});

describe('a responder', () => {
  test('answers where and with what the request says, at its QoS', async () => {
    const { client, broker } = await connected();
    client.respond('service', (each) => Promise.resolve(`${each.text()}!`));
    await broker.expect('subscribe');
    const correlationData = new Uint8Array([1, 2]);
    broker.send(question({ responseTopic: 'reply/1', correlationData }));
    const answer = await broker.expect('publish', { topic: 'reply/1', payload: 'q!', qos: 1 });
    expect(answer.properties).toEqual({ correlationData });
    await broker.expectNothing();
    broker.send({ type: 'puback', packetId: answer.packetId ?? 0, reasonCode: 0 });
    await broker.expect('puback', { packetId: 1, reasonCode: 0 });
    broker.send(question({ responseTopic: 'reply/2' }, 0));
    expect(await broker.expect('publish')).toMatchObject({
      topic: 'reply/2',
      qos: 0,
      payload: new TextEncoder().encode('q!'),
    });
  });

  test('does not answer what is no request', async () => {
    const { client, broker } = await connected();
    let calls = 0;
    client.respond('service', () => {
      calls += 1;
      return undefined;
    });
    await broker.expect('subscribe');
    broker.send(question({}));
    await broker.expect('puback', { reasonCode: 0 });
    expect(calls).toBe(1);
  });

  test('that fails refuses the request, and stays', async () => {
    const { client, broker } = await connected();
    client.respond('service', (each) => {
      if (each.properties.contentType === 'bad') throw new Error('no');
      return undefined;
    });
    await broker.expect('subscribe');
    broker.send(question({ responseTopic: 'r', contentType: 'bad' }));
    await broker.expect('puback', { reasonCode: 0x80 });
    broker.send(question({ responseTopic: 'r' }));
    expect(await broker.expect('publish')).toMatchObject({ topic: 'r', payload: new Uint8Array() });
  });
});

describe('a ping', () => {
  test('measures the way there and back [parity Z31, E13]', async () => {
    const { client, broker, clock } = await connected();
    const [first, second] = [watch(client.ping()), watch(client.ping())];
    await broker.expect('pingreq');
    await broker.expect('pingreq');
    await clock.settle(30);
    broker.send({ type: 'pingresp' });
    await clock.settle(20);
    broker.send({ type: 'pingresp' });
    await clock.settle();
    expect([first.value, second.value]).toEqual([30, 50]);
  });

  test('needs a connection, and ends with it', async () => {
    expect(await codeOf(newBench().client.ping())).toBe('not-connected');
    const { client, broker } = await connected();
    const lost = codeOf(client.ping());
    await broker.expect('pingreq');
    broker.cut();
    expect(await lost).toBe('connection-lost');
  });

  test('without an answer is the end of the connection [parity Z31]', async () => {
    const { client, clock, statuses } = await connected({ keepAliveSeconds: 0, pingTimeoutMs: 100 });
    const ping = codeOf(client.ping());
    await clock.settle(100);
    expect(await ping).toBe('keep-alive-timeout');
    expect(statuses.at(-1)?.type).toBe('waiting');
  });

  test('reaches the other side of a subscription', async () => {
    const { client, broker } = await connected();
    await subscribed({ client, broker }, 'a');
    void codeOf(client.ping());
    expect(await broker.expect('pingreq')).toEqual({ type: 'pingreq' });
  });
});
