/** A packet of ours as mqtt-packet 9.0.2 has it, field by field. */
import type { ConnectPacket, Packet, ProtocolVersion, UserProperty } from '@omqtt/codec';

/** The fields that a parser of theirs has to return, and that are enough for their generator. */
export interface TheirPacket {
  readonly cmd: Packet['type'];
  readonly [field: string]: unknown;
}

export function asTheirs(packet: Packet, version: ProtocolVersion): TheirPacket {
  const properties =
    'properties' in packet && packet.properties ? { properties: theirProperties(packet.properties) } : {};
  return { cmd: packet.type, ...fieldsOf(packet, version), ...properties };
}

function fieldsOf(packet: Packet, version: ProtocolVersion): Readonly<Record<string, unknown>> {
  switch (packet.type) {
    case 'connect':
      return connectFields(packet);
    case 'connack': {
      const { sessionPresent, reasonCode } = packet;
      if (version === '5.0') return { sessionPresent, reasonCode };
      return { sessionPresent, returnCode: [0x00, 0x84, 0x85, 0x88, 0x86, 0x87].indexOf(reasonCode) };
    }
    case 'publish': {
      const { topic, payload, qos, retain, dup, packetId } = packet;
      const id = packetId === undefined ? {} : { messageId: packetId };
      return { topic, payload: Buffer.from(payload), qos, retain, dup, ...id };
    }
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return { messageId: packet.packetId, ...(version === '5.0' && { reasonCode: packet.reasonCode }) };
    case 'subscribe':
      return {
        messageId: packet.packetId,
        subscriptions: packet.subscriptions.map(({ filter, qos, noLocal, retainAsPublished, retainHandling }) =>
          version === '3.1.1'
            ? { topic: filter, qos }
            : { topic: filter, qos, nl: noLocal, rap: retainAsPublished, rh: retainHandling },
        ),
      };
    case 'suback':
      return { messageId: packet.packetId, granted: [...packet.reasonCodes] };
    case 'unsubscribe':
      return { messageId: packet.packetId, unsubscriptions: [...packet.filters] };
    case 'unsuback':
      return { messageId: packet.packetId, ...(version === '5.0' && { granted: [...packet.reasonCodes] }) };
    case 'pingreq':
    case 'pingresp':
      return {};
    case 'disconnect':
    case 'auth':
      return version === '5.0' ? { reasonCode: packet.reasonCode } : {};
  }
}

function connectFields(packet: ConnectPacket): Readonly<Record<string, unknown>> {
  const { version, clientId, cleanStart, keepAliveSeconds, username, password, will } = packet;
  return {
    protocolId: 'MQTT',
    protocolVersion: version === '5.0' ? 5 : 4,
    clientId,
    clean: cleanStart,
    keepalive: keepAliveSeconds,
    ...(username !== undefined && { username }),
    ...(password && { password: Buffer.from(password) }),
    ...(will && {
      will: {
        topic: will.topic,
        payload: Buffer.from(will.payload),
        qos: will.qos,
        retain: will.retain,
        ...(will.properties && { properties: theirProperties(will.properties) }),
      },
    }),
  };
}

/** Their names, where they are others than ours. */
const theirNames: Readonly<Record<string, string>> = {
  sessionExpirySeconds: 'sessionExpiryInterval',
  willDelaySeconds: 'willDelayInterval',
  messageExpirySeconds: 'messageExpiryInterval',
  maximumPacketBytes: 'maximumPacketSize',
  assignedClientId: 'assignedClientIdentifier',
  serverKeepAliveSeconds: 'serverKeepAlive',
  subscriptionIdentifiers: 'subscriptionIdentifier',
  subscriptionIdentifierAvailable: 'subscriptionIdentifiersAvailable',
};

function theirProperties(properties: object): object {
  const entries = Object.entries(properties) as [string, unknown][];
  return Object.fromEntries(entries.map(([name, value]) => [theirNames[name] ?? name, theirValue(name, value)]));
}

function theirValue(name: string, value: unknown): unknown {
  if (name === 'userProperties') return theirUserProperties(value as readonly UserProperty[]);
  if (name === 'payloadFormatIndicator') return value === 1;
  if (value instanceof Uint8Array) return Buffer.from(value);
  // One identifier is a number, and several are a list.
  if (Array.isArray(value)) return value.length === 1 ? (value[0] as unknown) : [...(value as number[])];
  return value;
}

/** A map without a prototype: a name that comes again has a list, and the order of different names is lost. */
function theirUserProperties(pairs: readonly UserProperty[]): object {
  const values = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of pairs) {
    const present = values[name];
    values[name] = present === undefined ? value : [...(Array.isArray(present) ? present : [present]), value];
  }
  return values;
}
