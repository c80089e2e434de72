/** Packets for conversations: the usual ones, with what a test wants to be different. */
import type { ConnackPacket, ConnectPacket, Packet, PublishPacket, SubscriptionRequest } from '@omqtt/codec';
import { sends, type Step } from './conversation.ts';

const NOTHING = new Uint8Array(0);

export function connect(extra: Partial<ConnectPacket> = {}): Step {
  const packet = {
    type: 'connect',
    version: '5.0',
    clientId: 'c',
    cleanStart: true,
    keepAliveSeconds: 60,
    ...extra,
  } as const;
  return sends('client', packet, packet.version);
}

export function connack(extra: Partial<ConnackPacket> = {}): Step {
  return sends('server', { type: 'connack', sessionPresent: false, reasonCode: 0, ...extra });
}

export const connected: readonly Step[] = [connect(), connack()];

export function publish(extra: Partial<PublishPacket> = {}): Packet {
  const qos = extra.qos ?? 0;
  const id = qos === 0 ? {} : { packetId: 1 };
  return { type: 'publish', topic: 'a', payload: NOTHING, qos, retain: false, dup: false, ...id, ...extra };
}

export function ack(
  type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp',
  packetId: number,
  reasonCode: number = 0,
): Packet {
  return { type, packetId, reasonCode };
}

export function subscribe(extra: Partial<SubscriptionRequest> = {}, packetId: number = 1, identifier?: number): Packet {
  const request = {
    filter: 'a',
    qos: 0,
    noLocal: false,
    retainAsPublished: false,
    retainHandling: 0,
    ...extra,
  } as const;
  const properties = identifier === undefined ? {} : { properties: { subscriptionIdentifier: identifier } };
  return { type: 'subscribe', packetId, subscriptions: [request], ...properties };
}

export function suback(packetId: number = 1, reasonCodes: readonly number[] = [0]): Packet {
  return { type: 'suback', packetId, reasonCodes };
}

export function unsubscribe(filter: string = 'a', packetId: number = 2): Packet {
  return { type: 'unsubscribe', packetId, filters: [filter] };
}

export function unsuback(packetId: number = 2, reasonCodes: readonly number[] = [0]): Packet {
  return { type: 'unsuback', packetId, reasonCodes };
}

export function client(packet: Packet | string): Step {
  return sends('client', packet);
}

export function server(packet: Packet | string): Step {
  return sends('server', packet);
}

export function wait(milliseconds: number): Step {
  return { waitMs: milliseconds };
}

export function close(by: 'client' | 'server' = 'client'): Step {
  return { close: by };
}

export function on(connection: string): Step {
  return { on: connection };
}
