import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode, PacketStream, type Packet, type ProtocolVersion, type SubscriptionRequest } from '@omqtt/codec';
import type { Target } from '@omqtt/contracts';
import { freePorts, loopbackInterface, mosquittoRuns, requirePeer } from '@omqtt/peers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { implementations, noAbort } from './implementations.ts';

const mosquitto = requirePeer('mosquitto');

describe.skipIf(mosquitto.isMissing)('against mosquitto', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-ws-'));
  let broker: ChildProcess;
  let target: Target;

  beforeAll(async () => {
    const [plainPort = 0, port = 0] = await freePorts(2);
    const configuration = join(folder, 'mosquitto.conf');
    // This version does not start without a listener for TCP, and binds that for WebSocket only to an interface.
    const listeners = [
      `listener ${plainPort} 127.0.0.1`,
      `listener ${port} ${loopbackInterface()}`,
      'protocol websockets',
    ];
    writeFileSync(configuration, ['allow_anonymous true', ...listeners, ''].join('\n'));
    broker = spawn(mosquitto.path, ['-c', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
    target = { scheme: 'ws', host: '127.0.0.1', port, path: '/mqtt' };
    await mosquittoRuns(broker);
  });

  afterAll(async () => {
    const gone = once(broker, 'exit');
    broker.kill();
    await gone;
    rmSync(folder, { recursive: true });
  });

  const versions: readonly ProtocolVersion[] = ['5.0', '3.1.1'];
  describe.each(implementations)('$name', ({ webSocket }) => {
    test.each(versions)('a message of 20 kB comes back over MQTT %s', async (version) => {
      const connection = await webSocket()(target, noAbort);
      onTestFinished(() => connection.destroy());
      const send = (packet: Packet): boolean => connection.write(encode(packet, version));
      const stream = new PacketStream({ version, role: 'client' });
      const payload = new Uint8Array(20_000).map((_, at) => at % 253);
      const topic = `ws/${version}/${connection.info.peer}`;
      const message = new Promise<Packet>((resolve) => {
        const handle = (packet: Packet): void => {
          if (packet.type === 'connack') {
            send({ type: 'subscribe', packetId: 1, subscriptions: [subscription(topic)] });
          } else if (packet.type === 'suback') {
            send({ type: 'publish', topic, payload, qos: 0, retain: false, dup: false });
          } else if (packet.type === 'publish') resolve(packet);
        };
        connection.start({
          bytes: (chunk) => stream.push(chunk).forEach(handle),
          drained() {},
          closed() {},
        });
      });
      send({ type: 'connect', version, clientId: '', cleanStart: true, keepAliveSeconds: 60 });
      expect(await message).toMatchObject({ type: 'publish', topic, payload });
      await connection.close();
    });
  });
});

function subscription(filter: string): SubscriptionRequest {
  return { filter, qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 };
}
