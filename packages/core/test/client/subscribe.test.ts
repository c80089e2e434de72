import { describe, expect, test } from 'vitest';
import { codeOf, connect, connected, newBench, watch } from './bench.ts';
import { message, subscribed } from './subscribed.ts';

const unacceptable: readonly (readonly [filters: string | readonly string[], options: object])[] = [
  [[], {}],
  ['', {}],
  ['a#', {}],
  ['a/#/b', {}],
  ['a+', {}],
  ['a\0', {}],
  ['x'.repeat(65_536), {}],
  ['a', { qos: 3 }],
  ['a', { retainHandling: 3 }],
  ['a', { identifier: 0 }],
  ['a', { identifier: 268_435_456 }],
  ['a', { share: '' }],
  ['a', { share: 'a/b' }],
  ['a', { share: 'g', noLocal: true }],
  ['$share/g/a', { noLocal: true }],
  ['a', { concurrency: 0 }],
  ['a', { buffer: { max: 0 } }],
  ['a', { buffer: { whenFull: 'wait' } }],
  ['a', { buffer: { size: 1 } }],
  ['a', { ack: 'never' }],
  ['a', { onError: 'retry' }],
  ['a', { QoS: 1 }],
  ['a', { userProperties: [['a', '\uD800']] }],
];

describe('ready', () => {
  test('says what the server granted to each filter [parity O7, Z17, E37]', async () => {
    const { client, broker } = await connected();
    const subscription = client.subscribe(['a', 'b/#', 'a'], { qos: 2, noLocal: true, retainHandling: 1 });
    const { packetId, subscriptions } = await broker.expect('subscribe');
    expect(subscriptions).toEqual(
      ['a', 'b/#'].map((filter) => ({ filter, qos: 2, noLocal: true, retainAsPublished: false, retainHandling: 1 })),
    );
    broker.send({ type: 'suback', packetId, reasonCodes: [2, 0] });
    expect(await subscription.ready).toEqual([
      { filter: 'a', qos: 2 },
      { filter: 'b/#', qos: 0 },
    ]);
  });

  test('comes after a SUBSCRIBE with everything that the options say [parity O7, Z17]', async () => {
    const { client, broker } = await connected();
    client.subscribe(['a', 'b/#'], {
      qos: 0,
      share: 'group',
      retainAsPublished: true,
      retainHandling: 2,
      identifier: 7,
      userProperties: [['k', 'v']],
    });
    const options = { qos: 0, noLocal: false, retainAsPublished: true, retainHandling: 2 };
    expect(await broker.expect('subscribe')).toMatchObject({
      subscriptions: [
        { filter: '$share/group/a', ...options },
        { filter: '$share/group/b/#', ...options },
      ],
      properties: { subscriptionIdentifier: 7, userProperties: [['k', 'v']] },
    });
  });

  test('is an error that names the refused filters, and the others go on [parity O14, Z9, Z18, E37]', async () => {
    const { client, broker } = await connected();
    const subscription = client.subscribe(['good', 'bad']);
    const { packetId } = await broker.expect('subscribe');
    const properties = { reasonString: 'not you', userProperties: [['a', 'b']] as const };
    broker.send({ type: 'suback', packetId, reasonCodes: [1, 0x87], properties });
    await expect(subscription.ready).rejects.toMatchObject({
      code: 'subscribe-refused',
      reasonCode: 0x87,
      failures: new Map([['bad', 0x87]]),
      ...properties,
    });
    expect(subscription.isEnded).toBe(false);
    broker.send(message('good', 'x'));
    expect((await subscription.next()).text()).toBe('x');
    await broker.expect('puback');
    void codeOf(subscription.unsubscribe());
    expect(await broker.expect('unsubscribe')).toMatchObject({ filters: ['good'] });
  });

  test('ends the subscription when nothing was granted, and every reader is told why [parity Z18, B19]', async () => {
    const { client, broker } = await connected();
    const subscription = client.subscribe('a');
    const [loop, next] = [watch(subscription[Symbol.asyncIterator]().next()), watch(subscription.next())];
    const { packetId } = await broker.expect('subscribe');
    broker.send({ type: 'suback', packetId, reasonCodes: [0x80] });
    expect(await codeOf(subscription.ready)).toBe('subscribe-refused');
    await broker.expectNothing();
    expect([loop.error?.code, next.error?.code]).toEqual(['subscribe-refused', 'subscribe-refused']);
    expect(subscription.isEnded).toBe(true);
  });

  test('comes after the connection, when there is none yet [parity O7]', async () => {
    const bench = newBench();
    const subscription = bench.client.subscribe('a');
    await connect(bench);
    const { packetId } = await bench.broker.expect('subscribe');
    bench.broker.send({ type: 'suback', packetId, reasonCodes: [1] });
    expect(await subscription.ready).toEqual([{ filter: 'a', qos: 1 }]);
  });

  test('may be given up, which takes the filter away again [parity Z15, E12]', async () => {
    const { client, broker, clock } = await connected();
    const subscription = client.subscribe('a', { timeoutMs: 100 });
    await broker.expect('subscribe');
    await clock.settle(100);
    expect(await codeOf(subscription.ready)).toBe('timed-out');
    expect(await broker.expect('unsubscribe')).toMatchObject({ filters: ['a'] });
    expect(await codeOf(subscription.next())).toBe('timed-out');
  });
});

describe('a subscription is refused before anything is sent', () => {
  test.each(unacceptable)('for %j with %j [parity O7, Z17, E40]', async (filter, options) => {
    const { client, broker } = await connected();
    expect(() => client.subscribe(filter, options)).toThrow(expect.objectContaining({ retryable: false }));
    await broker.expectNothing();
  });

  test.each([
    [{ wildcardSubscriptionAvailable: false }, 'a/+', {}, 'wildcard-subscriptions'],
    [{ sharedSubscriptionAvailable: false }, 'a', { share: 'g' }, 'shared-subscriptions'],
    [{ subscriptionIdentifierAvailable: false }, 'a', { identifier: 1 }, 'subscription-identifiers'],
  ] as const)('where the server said %j [parity Z16]', async (...[properties, filter, options, limit]) => {
    const { client, broker } = await connected({}, { properties });
    const subscription = client.subscribe(filter, options);
    await expect(subscription.ready).rejects.toMatchObject({ code: 'server-limit', limit });
    await broker.expectNothing();
    expect(subscription.isEnded).toBe(true);
  });
});

describe('several subscriptions to one filter', () => {
  test('get a copy each, and the filter goes with the last of them [parity E33]', async () => {
    const { client, broker, clock } = await connected();
    const [first, second] = [await subscribed({ client, broker }, 'a'), await subscribed({ client, broker }, 'a')];
    broker.send(message('a', 'x'));
    expect([(await first.next()).text(), (await second.next()).text()]).toEqual(['x', 'x']);
    await broker.expect('puback');
    await first.unsubscribe();
    await broker.expectNothing();
    broker.send(message('a', 'y'));
    expect((await second.next()).text()).toBe('y');
    await broker.expect('puback');
    const gone = watch(second.unsubscribe());
    const { packetId } = await broker.expect('unsubscribe');
    broker.send({ type: 'unsuback', packetId, reasonCodes: [0] });
    await clock.settle();
    expect(gone.state).toBe('resolved');
  });

  test('each ask the server anew, with their own options [parity E36]', async () => {
    const { client, broker } = await connected();
    client.subscribe('a', { qos: 0 });
    client.subscribe('a', { qos: 2, retainHandling: 2 });
    await broker.expect('subscribe', { subscriptions: [{ qos: 0 }] });
    expect(await broker.expect('subscribe')).toMatchObject({ subscriptions: [{ qos: 2, retainHandling: 2 }] });
  });

  test('keep it through a new session when one of them was detached', async () => {
    const { client, broker, clock } = await connected();
    const [first] = [await subscribed({ client, broker }, 'a'), await subscribed({ client, broker }, 'a')];
    first.detach();
    broker.cut();
    await clock.settle(500);
    await broker.acceptConnection();
    expect(await broker.expect('subscribe')).toMatchObject({ subscriptions: [{ filter: 'a' }] });
  });
});

describe('unsubscribe', () => {
  test('ends the loop after what lies there, which is acknowledged so that it holds nobody up [parity O8, Z18]', async () => {
    const { client, broker } = await connected();
    const subscription = await subscribed({ client, broker }, 'a');
    for (const packetId of [1, 2]) broker.send(message('a', `${packetId}`, { packetId }));
    broker.send(message('nobody', '', { packetId: 3 }));
    await broker.expectNothing();
    void codeOf(subscription.unsubscribe());
    for (const packetId of [1, 2, 3]) await broker.expect('puback', { packetId });
    const seen = [];
    for await (const each of subscription) seen.push(each.text());
    expect(seen).toEqual(['1', '2']);
    expect(await codeOf(subscription.next())).toBe('subscription-ended');
  });

  test('without a connection, and twice, takes the filter away once [parity O8]', async () => {
    const bench = newBench();
    const { client, broker } = bench;
    const [kept, gone] = [client.subscribe('kept'), client.subscribe('gone')];
    const [first, second] = [codeOf(gone.unsubscribe()), codeOf(gone.unsubscribe())];
    await connect(bench);
    const sent = [await broker.expect('subscribe'), await broker.expect('subscribe')];
    expect(sent.map(({ subscriptions }) => subscriptions[0]?.filter)).toEqual(['kept', 'gone']);
    for (const { packetId } of sent) broker.send({ type: 'suback', packetId, reasonCodes: [1] });
    const { packetId } = await broker.expect('unsubscribe', { filters: ['gone'] });
    broker.send({ type: 'unsuback', packetId, reasonCodes: [0] });
    await broker.expectNothing();
    expect([await first, await second, kept.isEnded, gone.isEnded]).toEqual(['resolved', 'resolved', false, true]);
  });

  test('leaves what has to be acknowledged by hand to the hand', async () => {
    const { client, broker } = await connected();
    const subscription = await subscribed({ client, broker }, 'a', { ack: 'manual' });
    broker.send(message('a', 'x', { packetId: 1 }));
    await broker.expectNothing();
    void codeOf(subscription.unsubscribe());
    await broker.expect('unsubscribe');
    await broker.expectNothing();
    expect((await subscription.next()).ack()).toBe(true);
    await broker.expect('puback');
  });

  test('at the end of the block of the subscription does not wait for a connection [parity O8, Z18]', async () => {
    const { client } = newBench();
    const subscription = client.subscribe('a');
    await subscription[Symbol.asyncDispose]();
    expect(subscription.isEnded).toBe(true);
    await subscription[Symbol.asyncDispose]();
  });
});

describe('detach', () => {
  test('ends the subscription here, and leaves the filter and its messages at the server [parity Z18, E39]', async () => {
    const { client, broker } = await connected({ session: { expirySeconds: 60 } });
    const subscription = await subscribed({ client, broker }, 'a/#');
    subscription.detach();
    broker.send(message('a/b', 'later', { packetId: 7 }));
    await broker.expectNothing();
    expect(client.counts).toMatchObject({ held: 1, unrouted: 0 });
    // Whoever subscribes again gets it.
    const again = client.subscribe('a/#');
    expect((await again.next()).text()).toBe('later');
    await broker.expect('subscribe');
    await broker.expect('puback', { packetId: 7 });
  });
});
