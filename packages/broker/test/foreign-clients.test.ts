import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { requirePeer } from '@omqtt/peers';
import mqtt from 'mqtt';
import { connect } from 'omqtt';
import { describe, expect, test } from 'vitest';
import { startBroker, type Broker } from '../src/index.ts';

const listeners = [{ type: 'tcp' }, { type: 'ws' }] as const;
const ways = [
  { scheme: 'mqtt', version: '5.0' },
  { scheme: 'mqtt', version: '3.1.1' },
  { scheme: 'ws', version: '5.0' },
  { scheme: 'ws', version: '3.1.1' },
] as const;

const mosquittoPub = requirePeer('mosquitto_pub');
const mosquittoSub = requirePeer('mosquitto_sub');

describe.skipIf(mosquittoPub.isMissing || mosquittoSub.isMissing)('the clients of mosquitto', () => {
  test.each(['mqttv5', 'mqttv311'])(
    '[5.0 MQTT-4.2-1] [3.1.1 MQTT-7.1.1-1, MQTT-7.0.0-2] exchange messages of each QoS in %s',
    async (version) => {
      await using broker = await startBroker();
      const { port } = new URL(broker.url);
      const address = ['-h', '127.0.0.1', '-p', port, '-V', version];
      const subscriber = spawn(mosquittoSub.path, [
        ...address,
        '-t',
        'a/#',
        '-q',
        '2',
        '-C',
        '3',
        '-W',
        '10',
        '-F',
        '%t %q %r %p',
      ]);
      // It may end before the last publisher does.
      const ended = once(subscriber, 'close');
      const output: Buffer[] = [];
      subscriber.stdout.on('data', (chunk: Buffer) => output.push(chunk));
      await expect.poll(() => broker.subscriptions.length).toBe(1);
      for (const qos of ['0', '1', '2']) {
        const publisher = spawn(mosquittoPub.path, [
          ...address,
          '-t',
          `a/${qos}`,
          '-q',
          qos,
          '-m',
          `hello ${qos}`,
          '-r',
        ]);
        expect(await once(publisher, 'exit')).toEqual([0, null]);
      }
      expect(await ended).toEqual([0, null]);
      expect(Buffer.concat(output).toString().trim().split('\n')).toEqual([
        'a/0 0 0 hello 0',
        'a/1 1 0 hello 1',
        'a/2 2 0 hello 2',
      ]);
      expect(broker.retained.map(({ topic }) => topic)).toEqual(['a/0', 'a/1', 'a/2']);
    },
  );
});

test.each(ways)('MQTT.js exchanges messages of each QoS by $scheme in $version', async ({ scheme, version }) => {
  await using broker = await startBroker({ listeners });
  const client = await mqtt.connectAsync(urlOf(broker, scheme), {
    protocolVersion: version === '5.0' ? 5 : 4,
    reconnectPeriod: 0,
  });
  const messages: string[] = [];
  client.on('message', (topic, payload) => messages.push(`${topic} ${payload.toString()}`));
  await client.subscribeAsync('a/#', { qos: 2 });
  for (const qos of [0, 1, 2] as const) await client.publishAsync(`a/${qos}`, `hello ${qos}`, { qos });
  await expect.poll(() => messages).toEqual(['a/0 hello 0', 'a/1 hello 1', 'a/2 hello 2']);
  await client.endAsync();
  await expect.poll(() => broker.clients).toEqual([]);
});

test.each(ways)('omqtt exchanges messages of each QoS by $scheme in $version', async ({ scheme, version }) => {
  await using broker = await startBroker({ listeners });
  await using client = await connect(urlOf(broker, scheme), {
    // The types of the two versions differ in what this test does not use.
    version: version as '5.0',
  });
  const subscription = client.subscribe('a/#', { qos: 2 });
  await subscription.ready;
  for (const qos of [0, 1, 2] as const) {
    await client.publish(`a/${qos}`, `hello ${qos}`, { qos });
    const message = await subscription.next({ timeoutMs: 5000 });
    expect([message.topic, message.text()]).toEqual([`a/${qos}`, `hello ${qos}`]);
  }
});

function urlOf(broker: Broker, scheme: 'mqtt' | 'ws'): string {
  return broker.urls[scheme] ?? '';
}
