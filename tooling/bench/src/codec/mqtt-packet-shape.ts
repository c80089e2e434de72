/** Our packets in the shape that mqtt-packet takes: the kinds that the cases consist of. */
import type { ConnectPacket, Packet, PublishPacket, SubscribePacket } from '@omqtt/codec';
import type { Packet as PeerPacket } from 'mqtt-packet';

export function toPeerPacket(packet: Packet): PeerPacket {
  switch (packet.type) {
    case 'publish':
      return publish(packet);
    case 'connect':
      return connect(packet);
    case 'puback': {
      const { packetId, reasonCode, properties } = packet;
      const reasonString = properties?.reasonString;
      return {
        cmd: 'puback',
        messageId: packetId,
        reasonCode,
        ...(reasonString !== undefined && { properties: { reasonString } }),
      };
    }
    case 'subscribe':
      return subscribe(packet);
    default:
      throw new Error(`No case has a packet of type ${packet.type}: say here how mqtt-packet writes it.`);
  }
}

function publish({ topic, payload, qos, retain, dup, packetId, properties }: PublishPacket): PeerPacket {
  const packet: PeerPacket = { cmd: 'publish', topic, payload: Buffer.from(payload), qos, retain, dup };
  if (packetId !== undefined) packet.messageId = packetId;
  if (properties === undefined) return packet;
  const { payloadFormatIndicator, messageExpirySeconds, contentType, responseTopic, correlationData } = properties;
  packet.properties = {
    ...(payloadFormatIndicator !== undefined && { payloadFormatIndicator: payloadFormatIndicator === 1 }),
    ...(messageExpirySeconds !== undefined && { messageExpiryInterval: messageExpirySeconds }),
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData: Buffer.from(correlationData) }),
  };
  return packet;
}

function connect(packet: ConnectPacket): PeerPacket {
  const { clientId, cleanStart, keepAliveSeconds, username, password, will, properties } = packet;
  const { sessionExpirySeconds, receiveMaximum } = properties ?? {};
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: packet.version === '5.0' ? 5 : 4,
    clientId,
    clean: cleanStart,
    keepalive: keepAliveSeconds,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password: Buffer.from(password) }),
    ...(will && {
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: will.qos, retain: will.retain },
    }),
    properties: {
      ...(sessionExpirySeconds !== undefined && { sessionExpiryInterval: sessionExpirySeconds }),
      ...(receiveMaximum !== undefined && { receiveMaximum }),
    },
  };
}

function subscribe({ packetId, subscriptions, properties }: SubscribePacket): PeerPacket {
  const { subscriptionIdentifier } = properties ?? {};
  return {
    cmd: 'subscribe',
    messageId: packetId,
    subscriptions: subscriptions.map(({ filter, qos, noLocal, retainAsPublished, retainHandling }) => ({
      topic: filter,
      qos,
      nl: noLocal,
      rap: retainAsPublished,
      rh: retainHandling,
    })),
    ...(subscriptionIdentifier !== undefined && { properties: { subscriptionIdentifier } }),
  };
}
