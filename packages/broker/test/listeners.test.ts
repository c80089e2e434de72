import { createConnection } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { BrokerOptionError, ListenError, startBroker } from '../src/index.ts';

const folder = join(import.meta.dirname, '../../transport-tcp/test/certificates');
const pem = (name: string): string => readFileSync(join(folder, `${name}.pem`), 'utf8');
const tls = { cert: pem('server'), key: pem('server-key') };
/** CONNECT of 3.1.1 with the client id `x`. */
const connectBytes = Uint8Array.of(0x10, 13, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, 0, 0, 0, 1, 0x78);

test('a broker listens on each listener, and tells the addresses by scheme', async () => {
  const types = ['tcp', 'tls', 'ws', 'wss'] as const;
  await using broker = await startBroker({ listeners: types.map((type) => ({ type, tls })) });
  expect(Object.keys(broker.urls).toSorted()).toEqual(['mqtt', 'mqtts', 'ws', 'wss']);
  expect(broker.url).toBe(broker.urls.mqtt);
  for (const url of Object.values(broker.urls)) {
    const client = await mqtt.connectAsync(url, { ca: pem('ca'), reconnectPeriod: 0 });
    await client.endAsync();
  }
  expect(broker.counters.connectionsAccepted).toBe(4);
});

test('a client has to show a certificate where one is asked for', async () => {
  const listener = { type: 'tls', tls: { ...tls, ca: pem('ca'), requestClientCert: true } } as const;
  await using broker = await startBroker({ listeners: [listener] });
  await expect(mqtt.connectAsync(broker.url, { ca: pem('ca'), reconnectPeriod: 0 })).rejects.toThrow(
    /certificate|ECONNRESET|hang up|closed/,
  );
  const certified = { ca: pem('ca'), cert: pem('client'), key: pem('client-key') };
  const client = await mqtt.connectAsync(broker.url, { ...certified, reconnectPeriod: 0 });
  expect(broker.clients).toHaveLength(1);
  await client.endAsync();
});

test('a port that is taken is a ListenError, and nothing stays open', async () => {
  await using broker = await startBroker();
  const port = Number(new URL(broker.url).port);
  const second = startBroker({ listeners: [{ type: 'ws' }, { type: 'tcp', port }] });
  await expect(second).rejects.toThrow(ListenError);
});

test('options that make no sense are refused', async () => {
  await expect(startBroker({ nonsense: true } as object)).rejects.toThrow(BrokerOptionError);
  await expect(startBroker({ listeners: [{ type: 'tls' }] })).rejects.toThrow('cert');
  await expect(startBroker({ sysIntervalSeconds: -1 })).rejects.toMatchObject({ option: 'sysIntervalSeconds' });
});

test('[5.0 MQTT-6.0.0-4, MQTT-6.0.0-2] [3.1.1 MQTT-6.0.0-4, MQTT-6.0.0-2, MQTT-6.0.0-1] by WebSocket the sub-protocol is mqtt, answers are binary, and packets need not begin with a message', async () => {
  await using broker = await startBroker({ listeners: [{ type: 'ws' }] });
  const socket = new WebSocket(broker.url, ['mqttv3.1', 'mqtt']);
  await once(socket, 'open');
  expect(socket.protocol).toBe('mqtt');
  socket.send(connectBytes.subarray(0, 5));
  socket.send(Uint8Array.of(...connectBytes.subarray(5), 0xc0));
  socket.send(Uint8Array.of(0x00));
  const received: Buffer[] = [];
  socket.on('message', (data: Buffer, isBinary) => isBinary && received.push(data));
  await expect.poll(() => Array.from(Buffer.concat(received))).toEqual([0x20, 2, 0, 0, 0xd0, 0]);
  socket.close();
  await once(socket, 'close');
});

test('[5.0 MQTT-6.0.0-1] [3.1.1 MQTT-6.0.0-1] by WebSocket a text message ends the connection', async () => {
  await using broker = await startBroker({ listeners: [{ type: 'ws' }] });
  const socket = new WebSocket(broker.url, ['mqtt']);
  await once(socket, 'open');
  socket.send('text');
  expect((await once(socket, 'close'))[0]).toBe(1003);
  await expect.poll(() => broker.clients).toEqual([]);
});

test.each([
  { title: 'another path', path: '/other', protocols: ['mqtt'], origin: undefined, status: 404 },
  { title: 'another sub-protocol', path: '/mqtt', protocols: ['chat'], origin: undefined, status: 400 },
  { title: 'a page of another site', path: '/mqtt', protocols: ['mqtt'], origin: 'https://evil.example', status: 403 },
])('by WebSocket $title is refused with $status', async ({ path, protocols, origin, status }) => {
  await using broker = await startBroker({ listeners: [{ type: 'ws', origins: ['https://good.example'] }] });
  const url = broker.url.replace('/mqtt', path);
  const socket = new WebSocket(url, protocols, origin === undefined ? {} : { origin });
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  expect(response.statusCode).toBe(status);
  socket.on('error', () => {});
  socket.terminate();
  const good = new WebSocket(broker.url, ['mqtt'], { origin: 'https://good.example' });
  await once(good, 'open');
  good.terminate();
});

test('a frame above the largest packet ends the connection before it is in memory', async () => {
  await using broker = await startBroker({ listeners: [{ type: 'ws' }], limits: { maximumPacketBytes: 1000 } });
  const socket = new WebSocket(broker.url, ['mqtt']);
  await once(socket, 'open');
  socket.on('error', () => {});
  socket.send(new Uint8Array(70_000));
  expect((await once(socket, 'close'))[0]).toBe(1009);
});

test.each(['tls', 'ws', 'wss', 'tcp'] as const)(
  'closing ends a %s connection that never says anything',
  async (type) => {
    const broker = await startBroker({ listeners: [{ type, tls }] });
    const socket = createConnection(Number(new URL(broker.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const ended = once(socket, 'close');
    socket.on('error', () => {}).resume();
    await broker.close();
    await ended;
    expect(socket.destroyed).toBe(true);
  },
);
