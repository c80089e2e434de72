/** For each rule about what one side announced and the other has to keep, and about time: a conversation that breaks it, and one beside it that does not. */
import { bytesOf } from '../../src/platform-text.ts';
import type { Step } from '../conversation.ts';
import {
  ack,
  client,
  close,
  connack,
  connect,
  connected,
  on,
  publish,
  server,
  suback,
  subscribe,
  wait,
} from '../packets.ts';

type Fixture = readonly [bad: readonly Step[], good: readonly Step[]];

const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 3600 } } as const;
const disconnect = { type: 'disconnect', reasonCode: 0 } as const;

function limited(properties: Parameters<typeof connack>[0]): readonly Step[] {
  return [connect(), connack(properties)];
}

const alias = (topicAlias: number, topic: string = 'a') => publish({ topic, properties: { topicAlias } });

export type LimitRuleName =
  | 'too-large-for-client'
  | 'too-large-for-server'
  | 'reason-string-too-large'
  | 'user-property-too-large'
  | 'alias-over-server-maximum'
  | 'alias-not-taken-by-server'
  | 'alias-over-client-maximum'
  | 'alias-not-taken-by-client'
  | 'unknown-alias'
  | 'alias-of-old-connection'
  | 'sound-alias-refused-by-client'
  | 'sound-alias-refused-by-server'
  | 'qos-over-maximum'
  | 'unannounced-maximum-qos'
  | 'retain-not-available'
  | 'wildcard-not-available'
  | 'identifier-not-available'
  | 'share-not-available'
  | 'silent-client'
  | 'silent-client-kept'
  | 'late-connack'
  | 'late-pingresp'
  | 'unasked-pingresp';

export const limitFixtures: Readonly<Record<LimitRuleName, Fixture>> = {
  'too-large-for-client': [
    [
      connect({ properties: { maximumPacketBytes: 20 } }),
      connack(),
      client(subscribe()),
      server(suback()),
      server(publish({ payload: new Uint8Array(20) })),
    ],
    [
      connect({ properties: { maximumPacketBytes: 20 } }),
      connack(),
      client(subscribe()),
      server(suback()),
      server(publish({ payload: new Uint8Array(2) })),
    ],
  ],
  'too-large-for-server': [
    [...limited({ properties: { maximumPacketBytes: 20 } }), client(publish({ payload: new Uint8Array(20) }))],
    [...limited({ properties: { maximumPacketBytes: 20 } }), client(publish({ payload: new Uint8Array(2) }))],
  ],
  'reason-string-too-large': [
    [
      connect({ properties: { maximumPacketBytes: 20 } }),
      connack(),
      client(publish({ qos: 1 })),
      server({ type: 'puback', packetId: 1, reasonCode: 0, properties: { reasonString: 'x'.repeat(20) } }),
    ],
    [
      connect({ properties: { maximumPacketBytes: 20 } }),
      connack(),
      client(publish({ qos: 1 })),
      server(ack('puback', 1)),
    ],
  ],
  'user-property-too-large': [
    [
      connect({ properties: { maximumPacketBytes: 20 } }),
      connack(),
      client(publish({ qos: 1 })),
      server({ type: 'puback', packetId: 1, reasonCode: 0, properties: { userProperties: [['k', 'x'.repeat(20)]] } }),
    ],
    [
      connect({ properties: { maximumPacketBytes: 20 } }),
      connack(),
      client(publish({ qos: 1 })),
      server(ack('puback', 1)),
    ],
  ],
  'alias-over-server-maximum': [
    [...limited({ properties: { topicAliasMaximum: 2 } }), client(alias(3))],
    [...limited({ properties: { topicAliasMaximum: 2 } }), client(alias(2))],
  ],
  'alias-not-taken-by-server': [
    [...connected, client(alias(1))],
    [...limited({ properties: { topicAliasMaximum: 2 } }), client(alias(1))],
  ],
  'alias-over-client-maximum': [
    [
      connect({ properties: { topicAliasMaximum: 2 } }),
      connack(),
      client(subscribe()),
      server(suback()),
      server(alias(3)),
    ],
    [
      connect({ properties: { topicAliasMaximum: 2 } }),
      connack(),
      client(subscribe()),
      server(suback()),
      server(alias(2)),
    ],
  ],
  'alias-not-taken-by-client': [
    [...connected, client(subscribe()), server(suback()), server(alias(1))],
    [
      connect({ properties: { topicAliasMaximum: 2 } }),
      connack(),
      client(subscribe()),
      server(suback()),
      server(alias(2)),
    ],
  ],
  'unknown-alias': [
    [...limited({ properties: { topicAliasMaximum: 2 } }), client(alias(1, ''))],
    [...limited({ properties: { topicAliasMaximum: 2 } }), client(alias(1)), client(alias(1, ''))],
  ],
  'alias-of-old-connection': [
    [
      connect({ ...lasting, cleanStart: true }),
      connack({ properties: { topicAliasMaximum: 2 } }),
      client(alias(1)),
      client(disconnect),
      close(),
      on('two'),
      connect(lasting),
      connack({ sessionPresent: true, properties: { topicAliasMaximum: 2 } }),
      client(alias(1, '')),
    ],
    [
      connect({ ...lasting, cleanStart: true }),
      connack({ properties: { topicAliasMaximum: 2 } }),
      client(alias(1)),
      client(disconnect),
      close(),
      on('two'),
      connect(lasting),
      connack({ sessionPresent: true, properties: { topicAliasMaximum: 2 } }),
      client(alias(1)),
    ],
  ],
  'sound-alias-refused-by-client': [
    [
      connect({ properties: { topicAliasMaximum: 2 } }),
      connack(),
      client(subscribe()),
      server(suback()),
      server(alias(2)),
      client({ ...disconnect, reasonCode: 0x94 }),
    ],
    [
      connect({ properties: { topicAliasMaximum: 2 } }),
      connack(),
      client(subscribe()),
      server(suback()),
      server(alias(2)),
      client(disconnect),
    ],
  ],
  'sound-alias-refused-by-server': [
    [
      ...limited({ properties: { topicAliasMaximum: 2 } }),
      client(alias(2)),
      server({ ...disconnect, reasonCode: 0x94 }),
    ],
    [
      ...limited({ properties: { topicAliasMaximum: 2 } }),
      client(alias(2)),
      server({ ...disconnect, reasonCode: 0x8b }),
    ],
  ],
  'qos-over-maximum': [
    [...limited({ properties: { maximumQoS: 0 } }), client(publish({ qos: 1 }))],
    [...limited({ properties: { maximumQoS: 1 } }), client(publish({ qos: 1 }))],
  ],
  'unannounced-maximum-qos': [
    [...connected, client(publish({ qos: 1 })), server({ ...disconnect, reasonCode: 0x9b })],
    [
      ...limited({ properties: { maximumQoS: 1 } }),
      client(publish({ qos: 1 })),
      server({ ...disconnect, reasonCode: 0x9b }),
    ],
  ],
  'retain-not-available': [
    [...limited({ properties: { retainAvailable: false } }), client(publish({ retain: true }))],
    [...connected, client(publish({ retain: true, payload: bytesOf('x') }))],
  ],
  'wildcard-not-available': [
    [...limited({ properties: { wildcardSubscriptionAvailable: false } }), client(subscribe({ filter: '#' }))],
    [...connected, client(subscribe({ filter: '#' }))],
  ],
  'identifier-not-available': [
    [...limited({ properties: { subscriptionIdentifierAvailable: false } }), client(subscribe({}, 1, 5))],
    [...connected, client(subscribe({}, 1, 5))],
  ],
  'share-not-available': [
    [...limited({ properties: { sharedSubscriptionAvailable: false } }), client(subscribe({ filter: '$share/g/a' }))],
    [...connected, client(subscribe({ filter: '$share/g/a' }))],
  ],
  'silent-client': [
    [...connected, wait(70_000), client('c000'), server('d000')],
    [...connected, wait(59_000), client('c000'), server('d000')],
  ],
  'silent-client-kept': [
    [...connected, client(subscribe()), server(suback()), wait(100_000), server(publish())],
    [...connected, client(subscribe()), server(suback()), wait(59_000), server(publish())],
  ],
  'late-connack': [
    [connect(), wait(30_000)],
    [...connected, wait(30_000)],
  ],
  'late-pingresp': [
    [...connected, client('c000'), wait(30_000)],
    [...connected, client('c000'), server('d000'), wait(30_000)],
  ],
  'unasked-pingresp': [
    [...connected, server('d000')],
    [...connected, client('c000'), server('d000')],
  ],
};
