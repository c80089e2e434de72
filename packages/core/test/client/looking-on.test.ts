import { inspect } from 'node:util';
import type { Packet } from '@omqtt/codec';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClientOptions, PacketEvent } from '../../src/index.ts';
import { codeOf, connect, connected, newBench } from './bench.ts';
import { recordingLogger } from './recording-logger.ts';
import { message, subscribed } from './subscribed.ts';

function fails(): never {
  throw new Error('mine');
}

describe('the packet hook', () => {
  test('sees every packet, in both directions, with the time and the connection [parity O16, E48]', async () => {
    const events: PacketEvent[] = [];
    const bench = newBench({ onPacket: (event) => events.push(event) });
    await connect(bench);
    const { client, broker, clock } = bench;
    await subscribed(bench, 'a');
    broker.send(message('a', 'x', { qos: 0 }));
    await clock.settle(7000);
    broker.cut();
    await clock.settle(500);
    await broker.acceptConnection();
    await client.disconnect();
    expect(events.map(({ direction, packet, connection }) => `${connection} ${direction} ${packet.type}`)).toEqual([
      '1 out connect',
      '1 in connack',
      '1 out subscribe',
      '1 in suback',
      '1 in publish',
      '2 out connect',
      '2 in connack',
      '2 out subscribe',
      '2 out disconnect',
    ]);
    expect((events[5]?.at ?? 0) - (events[0]?.at ?? 0)).toBe(7500);
  });

  test('sees the sound packets before a malformed one', async () => {
    const seen: string[] = [];
    const { broker, clock, client } = await connected({ onPacket: ({ packet }) => seen.push(packet.type) });
    client.subscribe('a');
    await broker.expect('subscribe');
    broker.sendBytes([
      0xd0,
      0x00, // PINGRESP
      0x62,
      0x00, // PUBREL without its id
    ]);
    await broker.expect('disconnect', { reasonCode: 0x81 });
    await clock.settle();
    expect(seen).toEqual(['connect', 'connack', 'subscribe', 'pingresp', 'disconnect']);
  });

  test('that fails disturbs nobody [parity E35]', async () => {
    const { logger, said } = recordingLogger();
    const { client, broker } = await connected({ onPacket: fails, logger });
    await client.publish('a', 'x');
    await broker.expect('publish');
    expect(said.some(([level, what]) => level === 'error' && what === 'the packet hook failed')).toBe(true);
  });
});

describe('a malformed packet', () => {
  test.each([
    ['a PUBREL of two bytes', [0x62, 0x00], 0x81],
    ['a PUBLISH without its id', [0x32, 0x03, 0x00, 0x01, 0x61], 0x81],
    ['a packet type that does not exist', [0x00, 0x00], 0x81],
    ['a client packet', [0xc0, 0x00], 0x82],
    ['text that is no UTF-8', [0x30, 0x04, 0x00, 0x01, 0xff, 0x00], 0x81],
    ['a QoS of 3', [0x36, 0x06, 0x00, 0x01, 0x61, 0x00, 0x01, 0x00], 0x81],
  ] as const)(
    'such as %s ends the connection with its reason, and the next one begins [parity B9, P11]',
    async (...[, bytes, reasonCode]) => {
      const { broker, clock, statuses } = await connected();
      broker.sendBytes(bytes);
      await broker.expect('disconnect', { reasonCode });
      await broker.expectClosed();
      await clock.settle(500);
      await broker.acceptConnection();
      expect(statuses.some(({ type }) => type === 'waiting')).toBe(true);
    },
  );

  test('that is larger than was announced is refused by its header [parity Z28, E29]', async () => {
    const { broker } = await connected({ maximumPacketBytes: 100 });
    broker.sendBytes([0x30, 0xff, 0xff, 0x03]);
    expect(await broker.expect('disconnect')).toMatchObject({ reasonCode: 0x95 });
  });
});

describe('the logger', () => {
  test('is told of connections, outages and the end [parity O16, Z10]', async () => {
    const { logger, said } = recordingLogger();
    const bench = newBench({ logger });
    await connect(bench);
    bench.broker.cut();
    await bench.clock.settle(500);
    await bench.broker.expect('connect');
    bench.broker.send({ type: 'connack', sessionPresent: false, reasonCode: 0x87 });
    await bench.clock.settle();
    await bench.client.close();
    expect(said.map(([level, what]) => `${level}: ${what}`)).toEqual([
      'debug: connecting',
      'info: connected',
      'warn: not connected, and trying again',
      'debug: connecting',
      'error: not connected, and given up',
      'debug: closed',
    ]);
  });
});

describe('secrets', () => {
  test('appear in no error, status, event, log line or view of the client [parity O16, E47, E48, P12]', async () => {
    const secret = fc
      .string({ unit: 'grapheme', minLength: 6, maxLength: 40 })
      .filter((text) => text.trim().length >= 6 && !text.includes('\0'));
    const scene = fc.constantFrom('refused', 'cut', 'unreadable', 'unreachable', 'moved');
    await fc.assert(fc.asyncProperty(secret, scene, fc.boolean(), leaksNothing), { numRuns: 60 });
  });
});

async function leaksNothing(secret: string, scene: string, isInUrl: boolean): Promise<void> {
  const password = `<${secret}>`;
  const seen: unknown[] = [];
  const { logger, said } = recordingLogger();
  const credentials = isInUrl ? {} : { credentials: { username: 'user', password } };
  const auth = {
    method: 'M',
    start: () => new TextEncoder().encode(password),
    challenge: () => undefined,
    success: () => undefined,
  };
  const options: ClientOptions = {
    ...credentials,
    auth,
    logger,
    followRedirects: true,
    onPacket: (event) => seen.push(event),
  };
  const url = isInUrl ? `mqtt://user:${encodeURIComponent(password)}@broker.test` : 'mqtt://broker.test';
  const bench = newBench({ ...options, url });
  const { client, broker, clock, transport, statuses } = bench;
  if (scene === 'unreachable') transport.refuseDials();
  const connecting = client.connect();
  connecting.catch((error: unknown) => seen.push(error));
  if (scene !== 'unreachable') {
    await broker.expect('connect', { password });
    for (const packet of answers[scene] ?? []) broker.send(packet);
    if (scene === 'unreadable') broker.sendBytes([0x20, 0x01, 0x00]);
    if (scene === 'cut') broker.cut();
  }
  await clock.settle();
  await client.close();
  seen.push(statuses, said, client, client.connection, client.counts, await codeOf(client.ping()));
  const written = `${JSON.stringify(seen, errorsToo)} ${inspect(seen, { depth: 20, showHidden: true })}`;
  for (const form of [password, JSON.stringify(password).slice(1, -1), encodeURIComponent(password)]) {
    expect(written.includes(form)).toBe(false);
  }
  expect(written.includes(Buffer.from(password).join(','))).toBe(false);
}

const answers: Readonly<Record<string, readonly Packet[]>> = {
  refused: [{ type: 'connack', sessionPresent: false, reasonCode: 0x86 }],
  moved: [{ type: 'connack', sessionPresent: false, reasonCode: 0x9c, properties: { serverReference: 'other.test' } }],
};

function errorsToo(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (!(value instanceof Error)) return value;
  return {
    ...Object.fromEntries(Object.entries(value)),
    message: value.message,
    stack: value.stack,
    cause: value.cause,
  };
}
