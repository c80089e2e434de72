/** A short life of a client, packet by packet. */
import type { Packet } from '@omqtt/codec';

export type Direction = 'to broker' | 'to client';

/** What one side says before it listens again. */
export interface Turn {
  readonly direction: Direction;
  readonly says: readonly Packet[];
}

const text = new TextEncoder();

export const conversation: readonly Turn[] = [
  {
    direction: 'to broker',
    says: [
      {
        type: 'connect',
        version: '5.0',
        clientId: 'thermometer-7',
        cleanStart: true,
        keepAliveSeconds: 60,
        will: {
          topic: 'house/attic/status',
          payload: text.encode('gone'),
          qos: 1,
          retain: true,
          properties: { willDelaySeconds: 30 },
        },
        properties: { sessionExpirySeconds: 3600, receiveMaximum: 20 },
      },
    ],
  },
  {
    direction: 'to client',
    says: [
      {
        type: 'connack',
        sessionPresent: false,
        reasonCode: 0x00,
        properties: { topicAliasMaximum: 10, serverKeepAliveSeconds: 30 },
      },
    ],
  },
  {
    direction: 'to broker',
    says: [
      {
        type: 'subscribe',
        packetId: 1,
        subscriptions: [
          { filter: 'house/attic/set/#', qos: 1, noLocal: true, retainAsPublished: false, retainHandling: 0 },
          { filter: 'house/+/alarm', qos: 2, noLocal: false, retainAsPublished: true, retainHandling: 1 },
        ],
      },
    ],
  },
  { direction: 'to client', says: [{ type: 'suback', packetId: 1, reasonCodes: [1, 2] }] },
  {
    direction: 'to broker',
    says: [
      {
        type: 'publish',
        topic: 'house/attic/temperature',
        payload: text.encode('{"celsius":21.5}'),
        qos: 1,
        retain: false,
        dup: false,
        packetId: 2,
        properties: {
          payloadFormatIndicator: 1,
          messageExpirySeconds: 600,
          contentType: 'application/json',
          userProperties: [
            ['sensor', 'BME280'],
            ['unit', '°C'],
          ],
        },
      },
      { type: 'pingreq' },
    ],
  },
  {
    direction: 'to client',
    // 0x10: the broker took the message, and nobody is subscribed to its topic.
    says: [{ type: 'puback', packetId: 2, reasonCode: 0x10 }, { type: 'pingresp' }],
  },
  { direction: 'to broker', says: [{ type: 'disconnect', reasonCode: 0x00 }] },
];
