import { describe, expect, test } from 'vitest';
import { codeOf, connected, newBench, watch } from './bench.ts';
import { message, subscribed } from './subscribed.ts';

describe('a loop', () => {
  test('acknowledges a message when it asks for the next one [parity Z18, E26]', async () => {
    const { client, broker, clock } = await connected();
    const subscription = await subscribed({ client, broker }, 'a');
    const loop = subscription[Symbol.asyncIterator]();
    for (const packetId of [1, 2]) broker.send(message('a', `${packetId}`, { packetId }));
    expect((await loop.next()).value?.text()).toBe('1');
    await broker.expectNothing();
    expect((await loop.next()).value?.text()).toBe('2');
    await broker.expect('puback', { packetId: 1 });
    await broker.expectNothing();
    const third = watch(loop.next());
    expect(await broker.expect('puback')).toMatchObject({ packetId: 2 });
    await clock.settle();
    expect(third.state).toBe('pending');
  });

  test('that is left leaves its last message unacknowledged, and the subscription alive', async () => {
    const { client, broker } = await connected();
    const subscription = await subscribed({ client, broker }, 'a');
    for (const packetId of [1, 2]) broker.send(message('a', `${packetId}`, { packetId }));
    for await (const each of subscription) {
      expect(each.text()).toBe('1');
      break;
    }
    await broker.expectNothing();
    expect(subscription.isEnded).toBe(false);
    const second = await subscription.next();
    expect(second.text()).toBe('2');
    // Its acknowledgement waits for that of the first.
    await broker.expectNothing();
    void codeOf(subscription.unsubscribe());
    expect(await broker.expect('puback')).toMatchObject({ packetId: 1 });
  });

  test('can be left while it waits', async () => {
    const { client } = newBench();
    const loop = client.subscribe('a')[Symbol.asyncIterator]();
    const waiting = watch(loop.next());
    await loop.return?.();
    await Promise.resolve();
    expect(await loop.next()).toEqual({ done: true, value: undefined });
    expect(waiting.value).toEqual({ done: true, value: undefined });
  });
});

describe('acknowledging', () => {
  test('on receipt comes before anyone has seen the message [parity Z22, E26]', async () => {
    const { client, broker } = await connected();
    const subscription = await subscribed({ client, broker }, 'a', { ack: 'on-receipt' });
    broker.send(message('a', 'x'));
    await broker.expect('puback', { packetId: 1 });
    expect((await subscription.next()).isAcknowledged).toBe(true);
  });

  test('by hand is up to the hand, once, and leaves in the order of receipt [5.0 MQTT-4.6.0-2] [3.1.1 MQTT-4.6.0-2] [parity Z19, Z23, E28]', async () => {
    const { client, broker } = await connected();
    const subscription = await subscribed({ client, broker }, 'a', { ack: 'manual' });
    for (const packetId of [5, 6, 7]) broker.send(message('a', '', { packetId }));
    const [first, second, third] = [await subscription.next(), await subscription.next(), await subscription.next()];
    expect([third.ack(), third.ack(), second.nack(0x83, 'no')]).toEqual([true, true, true]);
    await broker.expectNothing();
    first.ack();
    await broker.expect('puback', { packetId: 5, reasonCode: 0 });
    await broker.expect('puback', { packetId: 6, reasonCode: 0x83, properties: { reasonString: 'no' } });
    await broker.expect('puback', { packetId: 7, reasonCode: 0 });
    await broker.expectNothing();
  });

  test.each([0, 0x10, 0x7f, 0x82, 256, Number.NaN])('with a reason code of %d is refused', async (reasonCode) => {
    const { client, broker } = await connected();
    const subscription = await subscribed({ client, broker }, 'a', { ack: 'manual' });
    broker.send(message('a', ''));
    const each = await subscription.next();
    expect(() => each.nack(reasonCode)).toThrow('reasonCode');
    expect(() => each.nack(0x80, '\uD800')).toThrow('reasonString');
    expect(each.isAcknowledged).toBe(false);
  });

  test('of QoS 2 is PUBREC, and a repetition is not delivered again [parity Z23, E28]', async () => {
    const { client, broker } = await connected();
    const subscription = await subscribed({ client, broker }, 'a', { qos: 2 });
    broker.send(message('a', 'x', { qos: 2, packetId: 3 }));
    await subscription.next();
    await broker.expect('pubrec', { packetId: 3 });
    broker.send(message('a', 'x', { qos: 2, packetId: 3, dup: true }));
    await broker.expect('pubrec', { packetId: 3 });
    broker.send({ type: 'pubrel', packetId: 3, reasonCode: 0 });
    await broker.expect('pubcomp', { packetId: 3, reasonCode: 0 });
    expect(subscription.buffered).toBe(0);
  });

  test('for a connection that is gone does no harm, and the repetition has its own [parity Z23, E28]', async () => {
    const { client, broker, clock } = await connected({ session: { expirySeconds: 60 } });
    const subscription = await subscribed({ client, broker }, 'a', { ack: 'manual' });
    broker.send(message('a', 'x'));
    const stale = await subscription.next();
    broker.cut();
    await clock.settle(500);
    await broker.acceptConnection({ sessionPresent: true });
    expect([stale.ack(), stale.ack()]).toEqual([false, false]);
    await broker.expectNothing();
    broker.send(message('a', 'x', { dup: true }));
    const fresh = await subscription.next();
    expect([fresh.dup, fresh.ack()]).toEqual([true, true]);
    await broker.expect('puback');
  });
});

describe('next and poll', () => {
  test('take what lies there, acknowledge it, and wait for the rest', async () => {
    const { client, broker, clock } = await connected();
    const subscription = await subscribed({ client, broker }, 'a');
    expect(subscription.poll()).toBeUndefined();
    const [first, second] = [watch(subscription.next()), watch(subscription.next())];
    for (const packetId of [1, 2, 3]) broker.send(message('a', `${packetId}`, { packetId }));
    await clock.settle();
    expect([first.value?.text(), second.value?.text(), subscription.poll()?.text()]).toEqual(['1', '2', '3']);
    for (const packetId of [1, 2, 3]) await broker.expect('puback', { packetId });
  });

  test('lose nothing to a reader that has given up', async () => {
    const { client, broker, clock } = await connected();
    const subscription = await subscribed({ client, broker }, 'a');
    const late = codeOf(subscription.next({ timeoutMs: 10 }));
    await clock.settle(10);
    expect(await late).toBe('timed-out');
    broker.send(message('a', 'x'));
    await clock.settle();
    expect(await codeOf(subscription.next({ signal: AbortSignal.abort() }))).toBe('aborted');
    expect(subscription.poll()?.text()).toBe('x');
  });
});

describe('a message', () => {
  test('has its topic, its payload in every form, and its properties [parity Z19]', async () => {
    const { client, broker } = await connected();
    const subscription = await subscribed({ client, broker }, 'a/+', { qos: 2 });
    const properties = { contentType: 'application/json', userProperties: [['a', 'b']] as const };
    broker.send(message('a/b', '{"n":1}', { qos: 0, retain: true, properties }));
    const each = await subscription.next();
    expect(each).toMatchObject({ topic: 'a/b', qos: 0, retain: true, dup: false, properties });
    expect([each.text(), each.json(), each.userProperties]).toEqual(['{"n":1}', { n: 1 }, [['a', 'b']]]);
    broker.send(message('a/b', 'no json', { qos: 0 }));
    const other = await subscription.next();
    expect(() => other.json()).toThrow(SyntaxError);
    expect([other.properties, other.userProperties]).toEqual([{}, []]);
  });

  test('that nobody wants is acknowledged all the same, and counted [5.0 MQTT-4.5.0-2] [3.1.1 MQTT-4.5.0-2] [parity Z29]', async () => {
    const { client, broker } = await connected();
    broker.send(message('nobody', 'x', { packetId: 4 }));
    await broker.expect('puback', { packetId: 4, reasonCode: 0 });
    expect(client.counts.unrouted).toBe(1);
  });

  test('may come in the same chunk as CONNACK [parity E1]', async () => {
    const bench = newBench({ session: { expirySeconds: 60 }, clientId: 'me' });
    const subscription = bench.client.subscribe('a');
    const connecting = bench.client.connect();
    await bench.broker.expect('connect');
    bench.broker.link.stall('to-client');
    bench.transport.slicing = 'glued';
    bench.broker.send({ type: 'connack', sessionPresent: false, reasonCode: 0 }, message('a', 'first'));
    bench.broker.link.release('to-client');
    await connecting;
    expect((await subscription.next()).text()).toBe('first');
  });

  test('of every kind is read however the network cuts it', async () => {
    const { client, broker, transport } = await connected({ network: { slicing: 'bytewise' } });
    transport.slicing = 'bytewise';
    const subscription = await subscribed({ client, broker }, '#');
    for (const packetId of [1, 2]) broker.send(message('a', 'x'.repeat(1000), { packetId }));
    expect((await subscription.next()).payload.length + (await subscription.next()).payload.length).toBe(2000);
  });
});

describe('a full buffer', () => {
  test.each([
    ['drop-oldest', ['2', '3']],
    ['drop-newest', ['0', '1']],
  ] as const)('with %s keeps %j, and says how many it lost [parity Z20, E30]', async (whenFull, kept) => {
    const { client, broker, clock } = await connected();
    const subscription = await subscribed({ client, broker }, 'a', { buffer: { max: 2, whenFull } });
    for (const text of ['0', '1', '2', '3']) broker.send(message('a', text, { qos: 0 }));
    await clock.settle();
    expect([subscription.dropped, client.counts.dropped]).toEqual([2, 2]);
    expect([subscription.poll()?.text(), subscription.poll()?.text()]).toEqual(kept);
    void codeOf(subscription.unsubscribe());
    expect(client.counts.dropped).toBe(2);
  });

  test('drops nothing that waits for its acknowledgement, and never holds up the protocol [parity Z20, Z21, E14, E30]', async () => {
    const { client, broker, clock } = await connected({ receiveMaximum: 10, keepAliveSeconds: 2 });
    const subscription = await subscribed({ client, broker }, 'a', { buffer: { max: 1 } });
    for (let packetId = 1; packetId <= 10; packetId += 1) broker.send(message('a', '', { packetId }));
    broker.send(message('a', 'QoS 0', { qos: 0 }));
    await clock.settle();
    expect([subscription.buffered, subscription.dropped]).toEqual([10, 1]);
    await clock.settle(1800);
    await broker.expect('pingreq');
  });

  test('is not filled by every connection anew', async () => {
    const { client, broker, clock } = await connected({ receiveMaximum: 5, session: { expirySeconds: 60 } });
    const subscription = await subscribed({ client, broker }, 'a', { buffer: { max: 1 } });
    for (let connection = 0; connection < 4; connection += 1) {
      for (let packetId = 1; packetId <= 5; packetId += 1) {
        broker.send(message('a', `${packetId}`, { packetId, dup: connection > 0 }));
      }
      await clock.settle(5000);
      expect(subscription.buffered).toBe(5);
      broker.cut();
      await clock.settle(500);
      await broker.acceptConnection({ sessionPresent: connection < 3 });
      await clock.settle();
    }
    // In a new session nobody sends them again, so they stay, and the limit holds for them too.
    expect(subscription.buffered).toBe(5);
    await broker.expect('subscribe');
    broker.send(message('a', 'new', { qos: 0 }));
    await clock.settle();
    expect([subscription.buffered, subscription.dropped]).toEqual([1, 5]);
  });
});
