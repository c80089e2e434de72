/** A server that breaks the rules, or that does not end what it has to end. */
import { encode, MalformedPacketError, PacketStream, type ProtocolVersion } from '@omqtt/codec';
import { seededRandom, type Random } from '@omqtt/testkit';
import { packetFrom } from '@omqtt/testkit/arbitraries';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf, connected, newBench, watch } from './bench.ts';

const versions = ['5.0', '3.1.1'] as const;

describe('a handshake that cannot be read', () => {
  test.each([
    ['CONNACK without its code', [0x20, 0x01, 0x00], 0x81],
    ['CONNACK with a flag that does not exist', [0x20, 0x03, 0x02, 0x00, 0x00], 0x81],
    ['CONNACK with a reason code that does not exist', [0x20, 0x03, 0x00, 0x7f, 0x00], 0x82],
    ['a page of the web', [...new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n')], 0x81],
  ])('such as %s fails the attempt, and the next one may succeed [parity B10]', async (_, bytes, reasonCode) => {
    const { client, broker, clock, statuses } = newBench({ reconnect: { initial: true } });
    const connecting = watch(client.connect());
    await broker.expect('connect');
    broker.sendBytes(bytes);
    await clock.settle();
    expect(statuses.at(-1)).toMatchObject({
      type: 'waiting',
      phase: 'handshake',
      error: { code: 'malformed-packet', reasonCode },
    });
    await broker.expect('disconnect', { reasonCode });
    await clock.settle(500);
    await broker.acceptConnection({ properties: { assignedClientId: 'x' } });
    await clock.settle();
    expect(connecting.state).toBe('resolved');
  });

  test('is the error of connect when it is not to go on [parity B10]', async () => {
    const { client, broker } = newBench();
    const connecting = codeOf(client.connect());
    await broker.expect('connect');
    broker.sendBytes([0x20, 0x01, 0x00]);
    expect(await connecting).toBe('malformed-packet');
    await broker.expect('disconnect', { reasonCode: 0x81 });
    await broker.expectClosed();
  });
});

describe('an answer to nothing', () => {
  test('is no harm: PUBREC and PUBREL are answered, the others are passed over [parity E19, B9, P17]', async () => {
    const { client, broker } = await connected();
    broker.send(
      { type: 'puback', packetId: 1, reasonCode: 0 },
      { type: 'pubcomp', packetId: 2, reasonCode: 0 },
      { type: 'suback', packetId: 3, reasonCodes: [0] },
      { type: 'unsuback', packetId: 4, reasonCodes: [0] },
      { type: 'pingresp' },
      { type: 'pubrec', packetId: 5, reasonCode: 0 },
      { type: 'pubrel', packetId: 6, reasonCode: 0 },
    );
    await broker.expect('pubrel', { packetId: 5, reasonCode: 0x92 });
    await broker.expect('pubcomp', { packetId: 6, reasonCode: 0x92 });
    await broker.expectNothing();
    expect(client.isConnected).toBe(true);
    expect(client.counts.packetIds).toBe(0);
  });
});

describe('what does not exist', () => {
  test.each([
    ['a reason code of PUBACK', [0x40, 0x03, 0x00, 0x01, 0x7f], 0x82],
    ['a property', [0x40, 0x06, 0x00, 0x01, 0x00, 0x02, 0x7f, 0x00], 0x81],
    ['a property of PUBACK', [0x40, 0x06, 0x00, 0x01, 0x00, 0x02, 0x01, 0x00], 0x81],
  ])('such as %s ends one connection, and not the client [parity B9]', async (_, bytes, reasonCode) => {
    const { client, broker, clock } = await connected();
    void codeOf(client.publish('a', 'x', { qos: 1 }));
    await broker.expect('publish');
    broker.sendBytes(bytes);
    await broker.expect('disconnect', { reasonCode });
    await clock.settle(500);
    await broker.acceptConnection();
    expect(await broker.expect('publish')).toMatchObject({ topic: 'a' });
  });
});

describe('a connection that is over', () => {
  test.each(versions)(
    '[5.0 MQTT-3.2.2-7] [3.1.1 MQTT-3.2.2-5] is ended by the client after a refusal, when the server of MQTT %s leaves it open',
    async (version) => {
      const { client, broker, clock } = newBench({ version, clientId: 'me' });
      const connecting = codeOf(client.connect());
      await broker.expect('connect');
      broker.send({ type: 'connack', sessionPresent: false, reasonCode: 0x87 });
      expect(await connecting).toBe('connect-refused');
      await broker.expectClosed();
      await clock.settle();
      expect([broker.link.isOpen, clock.pending]).toEqual([false, 0]);
    },
  );

  test('[5.0 MQTT-4.13.2-1] is closed within a second after a DISCONNECT with an error, though it cannot be written', async () => {
    const { broker, clock, statuses } = await connected({ reconnect: false });
    broker.link.stall('to-server');
    broker.sendBytes([0x36, 0x00]);
    await clock.settle(999);
    expect(statuses.at(-1)?.type).toBe('connected');
    await clock.settle(1);
    expect(statuses.at(-1)).toMatchObject({ type: 'disconnected', error: { code: 'malformed-packet' } });
    broker.link.release('to-server');
    await clock.settle();
    expect([broker.link.isOpen, clock.pending]).toEqual([false, 0]);
  });

  test('[5.0 MQTT-4.13.2-1] is closed after a DISCONNECT with an error from the server, which leaves it open', async () => {
    const { broker, clock } = await connected({ reconnect: false });
    broker.send({ type: 'disconnect', reasonCode: 0x89 });
    await broker.expectClosed();
    await clock.settle();
    expect([broker.link.isOpen, clock.pending]).toEqual([false, 0]);
  });

  test.each([
    ['QoS 3', [0x36, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01]],
    ['a packet of clients', [0xc0, 0x00]],
    ['a second CONNACK', [0x20, 0x02, 0x00, 0x00]],
    ['PUBREC for QoS 1', [0x50, 0x02, 0x00, 0x01]],
  ])('[3.1.1 MQTT-4.8.0-1] is closed without a word in 3.1.1 after %s', async (_, bytes) => {
    const { client, broker, clock } = await connected({ version: '3.1.1', clientId: 'me', reconnect: false });
    void codeOf(client.publish('a', 'x', { qos: 1 }));
    await broker.expect('publish', { packetId: 1 });
    broker.sendBytes(bytes);
    await broker.expectClosed();
    await clock.settle();
    expect(broker.link.isOpen).toBe(false);
  });
});

describe('whatever bytes the server sends', () => {
  test.each(versions)(
    'nothing escapes, and what is malformed ends the connection of MQTT %s with its reason [parity P11]',
    async (version) => {
      const random = seededRandom(1961);
      const packets = fc.sample(packetFrom(version, 'server'), { seed: 1961, numRuns: 150 });
      let malformed = 0;
      for (const packet of packets) {
        const bytes = damage(encode(packet, version, { role: 'server' }), random);
        malformed += (await endsAsItShould(bytes, version)) ? 1 : 0;
      }
      // Enough for every way to damage a packet to have been tried.
      expect(malformed).toBeGreaterThan(50);
    },
  );
});

/** Says whether the bytes began with something malformed. */
async function endsAsItShould(bytes: Uint8Array, version: ProtocolVersion): Promise<boolean> {
  const { client, broker, clock } = await connected({ version, clientId: 'me', keepAliveSeconds: 0 });
  const fault = firstFault(bytes, version);
  broker.sendBytes(bytes);
  await clock.settle();
  const answers = broker.received.slice(1).map(({ packet }) => packet);
  const farewell = version === '5.0' ? [{ type: 'disconnect', reasonCode: fault }] : [];
  expect(answers).toMatchObject(fault === undefined ? answers : farewell);
  expect([undefined, 0x81, 0x82]).toContain(fault);
  const isConnected = client.isConnected;
  expect(isConnected && fault !== undefined).toBe(false);
  await clock.settle(400);
  expect(broker.link.isOpen).toBe(isConnected);
  const closed = watch(client.close());
  await clock.settle(2000);
  expect(closed.state).toBe('resolved');
  return fault !== undefined;
}

/** What the decoder says of the first packet, when that is what is wrong. */
function firstFault(bytes: Uint8Array, version: ProtocolVersion): number | undefined {
  try {
    new PacketStream({ version, role: 'client' }).push(bytes);
    return undefined;
  } catch (error) {
    if (!(error instanceof MalformedPacketError)) throw error;
    return error.packets.length === 0 ? error.reasonCode : undefined;
  }
}

function damage(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.int(0, bytes.length - 1);
  const ways = [
    () => bytes.map((byte, index) => (index === at ? byte ^ (1 << random.int(0, 7)) : byte)),
    () => bytes.map((byte, index) => (index === at ? random.int(0, 255) : byte)),
    () => Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1), 0, 0),
    () => Uint8Array.from({ length: bytes.length }, () => random.int(0, 255)),
  ];
  return random.pick(ways)();
}
