/**
 * One of the servers that the bench compares, in a process of its own, which says what it has cost: the limit (Fastify
 * with the same body and the same answer, and no MQTT), Fastify with MQTT.js and no protection, and the bridge with
 * everything on.
 */
import { hash } from 'node:crypto';
import fastify from 'fastify';
import { connectAsync } from 'mqtt';
import { startBridge } from '../src/index.ts';

export const SECRET = 'a-secret-that-is-as-long-as-a-real-one-would-be';

const schema = {
  body: {
    type: 'object',
    required: ['topic', 'payload'],
    properties: { topic: { type: 'string' }, payload: { type: 'string' } },
  },
};

async function limit(): Promise<number> {
  const server = fastify({ logger: false });
  server.post('/v1/publish', { schema }, (request, reply) => {
    const { topic } = request.body as { topic: string };
    // As if an acknowledgement had come: from the next turn of the event loop.
    setImmediate(() => {
      void reply.type('application/json; charset=utf-8').send(answerTo(topic));
    });
  });
  return portOf(await server.listen({ port: 0, host: '127.0.0.1' }));
}

async function bare(url: string): Promise<number> {
  const client = await connectAsync(url, { protocolVersion: 5 });
  const server = fastify({ logger: false });
  server.post('/v1/publish', { schema }, async (request, reply) => {
    const { topic, payload } = request.body as { topic: string; payload: string };
    await client.publishAsync(topic, payload, { qos: 1 });
    return reply.type('application/json; charset=utf-8').send(answerTo(topic));
  });
  return portOf(await server.listen({ port: 0, host: '127.0.0.1' }));
}

async function bridge(url: string): Promise<number> {
  const { url: address } = await startBridge({
    http: { port: 0 },
    ops: { port: 0 },
    brokers: { main: { url } },
    access: {
      keys: [{ id: 'bench', role: 'bench', secrets: [{ sha256: hash('sha256', SECRET, 'hex') }] }],
      roles: {
        bench: {
          rules: [
            { actions: ['publish'], filters: ['other/#', 'bench/#'] },
            { effect: 'deny', actions: ['publish'], filters: ['bench/secret'] },
          ],
          limits: { messagesPerSecond: 1_000_000, bytesPerSecond: 1_000_000_000 },
        },
      },
    },
  });
  return portOf(address);
}

function answerTo(topic: string): string {
  const id = '0192f3c0-0000-7000-8000-000000000000';
  const answer = { id, topic, broker: 'main', qos: 1, reasonCode: 0, reason: 'Success', guarantee: 'broker-ack' };
  return JSON.stringify({ ...answer, matchingSubscribers: true, ackMs: 0.5 });
}

function portOf(address: string): number {
  return Number(new URL(address).port);
}

const [, , kind = '', broker = ''] = process.argv;
const servers: Readonly<Record<string, () => Promise<number>>> = {
  limit,
  bare: () => bare(broker),
  bridge: () => bridge(broker),
};
const start = servers[kind];
if (start !== undefined) {
  process.send?.({ port: await start() });
  process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
}
