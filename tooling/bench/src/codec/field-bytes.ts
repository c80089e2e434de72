/**
 * How much a decoded packet carries, to find out whether all of it came out. Each text is looked into, because an engine
 * may otherwise put off building a string until a benchmark is over.
 */
import type { Packet } from '@omqtt/codec';
import type { Packet as PeerPacket } from 'mqtt-packet';

export function fieldBytes(packet: Packet): number {
  switch (packet.type) {
    case 'publish': {
      const { topic, payload, properties } = packet;
      const own = textBytes(topic) + payload.length;
      if (properties === undefined) return own;
      const { contentType, responseTopic, correlationData } = properties;
      return own + textBytes(contentType) + textBytes(responseTopic) + (correlationData?.length ?? 0);
    }
    case 'connect': {
      const { clientId, username, password, will } = packet;
      const login = textBytes(clientId) + textBytes(username) + (password?.length ?? 0);
      return login + textBytes(will?.topic) + (will?.payload.length ?? 0);
    }
    case 'puback':
      return textBytes(packet.properties?.reasonString);
    case 'subscribe':
      return packet.subscriptions.reduce((sum, { filter }) => sum + textBytes(filter), 0);
    default:
      return 0;
  }
}

/** The same of a packet in the shape of mqtt-packet. */
export function fieldBytesOfPeer(packet: PeerPacket): number {
  switch (packet.cmd) {
    case 'publish': {
      const { topic, payload, properties } = packet;
      const own = textBytes(topic) + payload.length;
      if (properties === undefined) return own;
      const { contentType, responseTopic, correlationData } = properties;
      return own + textBytes(contentType) + textBytes(responseTopic) + (correlationData?.length ?? 0);
    }
    case 'connect': {
      const { clientId, username, password, will } = packet;
      const login = textBytes(clientId) + textBytes(username) + (password?.length ?? 0);
      return login + textBytes(will?.topic) + (will?.payload.length ?? 0);
    }
    case 'puback':
      return textBytes(packet.properties?.reasonString);
    case 'subscribe':
      return packet.subscriptions.reduce((sum, { topic }) => sum + textBytes(topic), 0);
    default:
      return 0;
  }
}

/** All texts here are ASCII and without U+0000, so a character is a byte. */
function textBytes(text: string | undefined): number {
  if (text === undefined) return 0;
  return text.charCodeAt(0) === 0 ? 0 : text.length;
}
