/** Traffic that a page can show: bytes as clients and servers send them, in an inspection. */
import { encode, type Packet } from '@omqtt/codec';
import { Inspection, type Direction, type InspectionOptions } from '@omqtt/inspect';

const START = Date.UTC(2026, 0, 1, 12);

export interface TrafficStep {
  readonly connection: string;
  /** Missing: the server ends the connection. */
  readonly direction?: Direction;
  readonly bytes: Uint8Array;
}

export class Traffic {
  readonly inspection: Inspection;
  /** The same once more, for whoever sends it through a proxy. */
  readonly steps: TrafficStep[] = [];
  at: number = START;

  constructor(options: InspectionOptions = {}) {
    this.inspection = new Inspection(options);
  }

  say(connection: string, direction: Direction, packet: Packet | Uint8Array): void {
    this.at += 3;
    const chunk = packet instanceof Uint8Array ? packet : encode(packet, '5.0');
    this.inspection.bytes(connection, direction, { chunk, at: this.at });
    this.steps.push({ connection, direction, bytes: chunk });
  }

  end(connection: string): void {
    this.at += 5;
    this.inspection.close(connection, { at: this.at, by: 'server' });
    this.steps.push({ connection, bytes: new Uint8Array() });
  }

  /** CONNECT with a password, and CONNACK. */
  connect(connection: string, clientId: string): void {
    this.inspection.open(connection, { at: this.at });
    const password = new TextEncoder().encode(SECRET);
    const credentials = { username: 'gauge', password };
    this.say(connection, 'c2s', {
      type: 'connect',
      version: '5.0',
      clientId,
      cleanStart: true,
      keepAliveSeconds: 60,
      ...credentials,
    });
    this.say(connection, 's2c', { type: 'connack', sessionPresent: false, reasonCode: 0 });
  }

  publish(
    connection: string,
    topic: string,
    { payload = 'x', packetId = 0 }: { payload?: string | Uint8Array; packetId?: number } = {},
  ): void {
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
    const message = { type: 'publish', topic, payload: bytes, retain: false, dup: false } as const;
    this.say(connection, 'c2s', packetId === 0 ? { ...message, qos: 0 } : { ...message, qos: 1, packetId });
    if (packetId > 0) this.say(connection, 's2c', { type: 'puback', packetId, reasonCode: 0 });
  }
}

export const SECRET = 'correct horse';

/** A conversation with something of everything, and a packet that is wrong. */
export function conversation(): Traffic {
  const traffic = new Traffic();
  traffic.connect('tcp-1', 'dev-1');
  const request = {
    filter: 'plant/+/temp',
    qos: 1,
    noLocal: false,
    retainAsPublished: false,
    retainHandling: 0,
  } as const;
  traffic.say('tcp-1', 'c2s', { type: 'subscribe', packetId: 1, subscriptions: [request] });
  traffic.say('tcp-1', 's2c', { type: 'suback', packetId: 1, reasonCodes: [1] });
  for (let id = 2; id < 12; id += 1) {
    traffic.publish('tcp-1', `plant/${id % 3}/temp`, {
      packetId: id,
      payload: JSON.stringify({ temp: 18 + id, unit: 'C' }),
    });
  }
  traffic.connect('tcp-2', 'dev-2');
  // PUBLISH with both QoS bits set.
  traffic.say('tcp-2', 'c2s', Uint8Array.of(0x36, 0x07, 0x00, 0x01, 0x61, 0x00, 0x08, 0x00, 0x78));
  traffic.end('tcp-2');
  traffic.say('tcp-1', 'c2s', { type: 'pingreq' });
  traffic.say('tcp-1', 's2c', { type: 'pingresp' });
  return traffic;
}

/** A message each two minutes. */
export function hourOfTraffic(): Traffic {
  const traffic = new Traffic();
  traffic.connect('tcp-1', 'dev-1');
  for (let id = 1; id <= 30; id += 1) {
    traffic.at += 120_000;
    traffic.publish('tcp-1', 'plant/heat', { packetId: id });
  }
  return traffic;
}
