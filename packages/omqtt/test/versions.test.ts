import type { MqttError } from '@omqtt/codec';
import { afterPendingPromises, scriptedBroker, type ScriptedBroker } from '@omqtt/testkit';
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import {
  Client,
  connect,
  createClient,
  isV5,
  type AnyVersionClient,
  type ClientOptions,
  type PublishOptions,
  type V3Client,
  type V3Message,
  type V3PublishOptions,
  type V3SubscribeOptions,
} from '../src/index.ts';

const url = 'mqtt://broker.test';

describe('the type of a client', () => {
  test('is that of all 5.0 has, unless told otherwise [parity Z1]', () => {
    expectTypeOf(createClient(url)).toEqualTypeOf<Client>();
    expectTypeOf(createClient(url, { version: '5.0' })).toEqualTypeOf<Client>();
    expectTypeOf(createClient(url, { clientId: 'a' })).toEqualTypeOf<Client>();
    expectTypeOf<Awaited<ReturnType<typeof connect>>>().toEqualTypeOf<Client>();
  });

  test('for 3.1.1 lacks what only 5.0 has [parity Z1]', () => {
    const client = createClient(url, { version: '3.1.1' });
    expectTypeOf(client).toEqualTypeOf<V3Client>();
    const connecting = () => connect(url, { version: '3.1.1' });
    expectTypeOf<Awaited<ReturnType<typeof connecting>>>().toEqualTypeOf<V3Client>();
    expectTypeOf<V3Client>().not.toHaveProperty('request');
    expectTypeOf<V3Client>().not.toHaveProperty('respond');
    expectTypeOf<V3Client>().not.toHaveProperty('reauthenticate');
    expectTypeOf<V3Client['disconnect']>().parameters.toEqualTypeOf<[]>();
    expectTypeOf<NonNullable<V3Client['connection']>>().not.toHaveProperty('properties');
    expectTypeOf<keyof V3PublishOptions>().toEqualTypeOf<'qos' | 'retain' | 'timeoutMs' | 'signal'>();
    expectTypeOf<V3SubscribeOptions>().not.toHaveProperty('noLocal');
    expectTypeOf<V3SubscribeOptions>().not.toHaveProperty('retainAsPublished');
    expectTypeOf<V3SubscribeOptions>().not.toHaveProperty('retainHandling');
    expectTypeOf<V3SubscribeOptions>().not.toHaveProperty('identifier');
    expectTypeOf<V3Message>().not.toHaveProperty('properties');
    expectTypeOf<V3Message['nack']>().parameters.toEqualTypeOf<[]>();
  });

  test('keeps what both versions have', () => {
    expectTypeOf<ReturnType<V3Client['publish']>>().toEqualTypeOf<ReturnType<Client['publish']>>();
    expectTypeOf<V3Client['ping']>().toEqualTypeOf<Client['ping']>();
    expectTypeOf<V3Client['status']>().toEqualTypeOf<Client['status']>();
    expectTypeOf<V3SubscribeOptions>().toHaveProperty('qos');
    expectTypeOf<V3SubscribeOptions>().toHaveProperty('share');
    expectTypeOf<V3Client>().toHaveProperty(Symbol.asyncDispose);
  });

  test('refuses calls and options of 5.0 on a client for 3.1.1 [parity Z1]', () => {
    // Compiled, never called: the comments fail where the line below them compiles.
    const options = [
      // @ts-expect-error: the expiry is of 5.0
      () => createClient(url, { version: '3.1.1', session: { expirySeconds: 1 } }),
      // @ts-expect-error: the delay is of 5.0
      () => createClient(url, { version: '3.1.1', will: { topic: 'a', payload: '', delaySeconds: 1 } }),
      // @ts-expect-error: properties are of 5.0
      () => createClient(url, { version: '3.1.1', properties: {} }),
      // @ts-expect-error: aliases are of 5.0
      () => createClient(url, { version: '3.1.1', topicAliasMaximum: 1 }),
    ];
    expect([callsOfV5, ...options]).toHaveLength(5);
  });

  test('for any version becomes that of 5.0 where isV5 has looked', () => {
    const client = createClient(url, { version: 'auto' });
    expectTypeOf(client).toEqualTypeOf<AnyVersionClient>();
    expectTypeOf(client).not.toHaveProperty('request');
    expectTypeOf<Parameters<AnyVersionClient['publish']>[2]>().toEqualTypeOf<V3PublishOptions | undefined>();
    if (isV5(client)) expectTypeOf(client).toExtend<Client>();
    expect(isV5(client)).toBe(false);
  });

  test('is that of 5.0 for options that are only known at run time', () => {
    expectTypeOf<PublishOptions>().toHaveProperty('properties');
    expectTypeOf<ClientOptions>().toHaveProperty('auth');
  });
});

describe('at run time, on a connection that speaks 3.1.1', () => {
  const calls: Readonly<Record<string, (client: Client) => unknown>> = {
    'a property of a message': (client) => client.publish('a', '', { properties: { contentType: 'x' } }),
    'an alias that is a must': (client) => client.publish('a', '', { alias: 'always' }),
    'a subscription option': (client) => client.subscribe('a', { noLocal: true }).ready,
    'a subscription identifier': (client) => client.subscribe('a', { identifier: 1 }).ready,
    'a user property of a subscription': (client) => client.subscribe('a', { userProperties: [['a', 'b']] }).ready,
    'a request': (client) => client.request('a', ''),
    'a responder': (client) => client.respond('a', () => ''),
    'a new authentication': (client) => client.reauthenticate(),
    'a reason to disconnect': (client) => client.disconnect({ reasonCode: 4 }),
    'an expiry at the end': (client) => client.disconnect({ sessionExpirySeconds: 1 }),
    'properties at the end': (client) => client.disconnect({ properties: { reasonString: 'x' } }),
  };

  test.each(Object.keys(calls))('%s is refused with a typed error, and nothing is sent', async (name) => {
    const { client, broker } = await connected();
    const outcome = await refusal(() => calls[name]?.(client));
    expect(outcome).toMatchObject({ code: 'only-in-5.0' });
    await afterPendingPromises();
    await broker.expectNothing();
  });

  const options: Readonly<Record<string, ClientOptions>> = {
    'a delay of the will': { will: { topic: 'a', payload: '', delaySeconds: 1 } },
    'properties of the will': { will: { topic: 'a', payload: '', properties: { contentType: 'x' } } },
    'properties of CONNECT': { properties: { userProperties: [['a', 'b']] } },
    'an authentication mechanism': {
      auth: { method: 'x', start: async () => undefined, challenge: async () => undefined, success: async () => {} },
    },
    'topic aliases': { topicAliasMaximum: 1 },
    'an expiry of the session': { session: { expirySeconds: 1 } },
    'redirects to follow': { followRedirects: true },
  };

  test.each(Object.keys(options))('%s is refused where the client is made', async (name) => {
    const given = { ...options[name], version: '3.1.1' } as const;
    expect(await refusal(() => new Client({ url, dial: scriptedBroker().dial }, given))).toMatchObject({
      code: 'only-in-5.0',
    });
  });
});

async function refusal(call: () => unknown): Promise<MqttError | string> {
  try {
    await call();
    return 'no error';
  } catch (error) {
    return error as MqttError;
  }
}

async function connected(): Promise<{ client: Client; broker: ScriptedBroker }> {
  const broker = scriptedBroker();
  const client = new Client({ url, dial: broker.dial }, { version: '3.1.1', clientId: 'c' });
  onTestFinished(() => client.close());
  const connecting = client.connect();
  await broker.acceptConnection({ connect: { version: '3.1.1' } });
  await connecting;
  return { client, broker };
}

async function callsOfV5(client: V3Client): Promise<void> {
  // @ts-expect-error: properties are of 5.0
  await client.publish('a', '', { properties: { contentType: 'text/plain' } });
  // @ts-expect-error: with a callback too
  await client.publish('a', '', { properties: { contentType: 'text/plain' } }, () => {});
  // @ts-expect-error: aliases are of 5.0
  await client.enqueue('a', '', { alias: 'try' });
  // @ts-expect-error: subscription options are of 5.0
  client.subscribe('a', { noLocal: true });
  // @ts-expect-error: identifiers are of 5.0
  client.subscribe('a', { identifier: 1 }, () => {});
  // @ts-expect-error: reasons are of 5.0
  await client.disconnect({ reasonCode: 4 });
}
