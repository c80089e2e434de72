/**
 * One of the servers that are compared, in a process of its own. Sends its port; answers each message with its CPU time.
 * `limit`: Fastify with the same body and the same answer, and no MQTT. `bare`: Fastify with MQTT.js, without any
 * protection. `bridge`: the bridge with keys, rules and limits.
 */
import { hash } from 'node:crypto';
import { startBridge } from '@omqtt/bridge';
import fastify from 'fastify';
import { connectAsync } from 'mqtt';
import { type ServerName, type ServerReport, SECRET } from './servers.ts';

const schema = {
  body: {
    type: 'object',
    required: ['topic', 'payload'],
    properties: { topic: { type: 'string' }, payload: { type: 'string' } },
  },
};

async function startLimit(): Promise<string> {
  const server = fastify({ logger: false });
  server.post('/v1/publish', { schema }, (request, reply) => {
    const { topic } = request.body as { topic: string };
    // As if an acknowledgement had come: from the next turn of the event loop.
    setImmediate(() => {
      void reply.type('application/json; charset=utf-8').send(answerTo(topic));
    });
  });
  return server.listen({ port: 0, host: '127.0.0.1' });
}

async function startBare(broker: string): Promise<string> {
  const client = await connectAsync(broker, { protocolVersion: 5 });
  const server = fastify({ logger: false });
  server.post('/v1/publish', { schema }, async (request, reply) => {
    const { topic, payload } = request.body as { topic: string; payload: string };
    await client.publishAsync(topic, payload, { qos: 1 });
    return reply.type('application/json; charset=utf-8').send(answerTo(topic));
  });
  return server.listen({ port: 0, host: '127.0.0.1' });
}

async function startTheBridge(broker: string): Promise<string> {
  const rules = [
    { actions: ['publish', 'subscribe', 'read'], filters: ['other/#', 'bench/#'] },
    { effect: 'deny', actions: ['publish'], filters: ['bench/secret'] },
  ] as const;
  const { url } = await startBridge({
    http: { port: 0 },
    ops: { port: 0 },
    brokers: { main: { url: broker } },
    access: {
      keys: [{ id: 'bench', role: 'bench', secrets: [{ sha256: hash('sha256', SECRET, 'hex') }] }],
      roles: { bench: { rules, limits: { messagesPerSecond: 1_000_000, bytesPerSecond: 1_000_000_000 } } },
    },
  });
  const headers = { authorization: `Bearer omq_bench_${SECRET}` };
  const isConnected = async (): Promise<boolean> =>
    (await (await fetch(`${url}/v1/brokers`, { headers })).text()).includes('true');
  while (!(await isConnected())) await new Promise((resolve) => setTimeout(resolve, 20));
  return url;
}

function answerTo(topic: string): string {
  const id = '0192f3c0-0000-7000-8000-000000000000';
  const answer = { id, topic, broker: 'main', qos: 1, reasonCode: 0, reason: 'Success', guarantee: 'broker-ack' };
  return JSON.stringify({ ...answer, matchingSubscribers: true, ackMs: 0.5 });
}

function tell(report: ServerReport): void {
  process.send?.(report);
}

const [, , name = 'limit', broker = ''] = process.argv;
const starts: Readonly<Record<ServerName, (broker: string) => Promise<string>>> = {
  limit: startLimit,
  bare: startBare,
  bridge: startTheBridge,
};
const url = await starts[name as ServerName](broker);
tell({ port: Number(new URL(url).port) });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  tell({ cpuMicroseconds: user + system });
});
// Nobody is left to measure it.
process.on('disconnect', () => process.exit(0));
