/** What the broker says in CONNACK, and what it allows. */
import type { ConnackPacket } from '@omqtt/codec';
import { type Check, passed, type Verdict, warned } from './check.ts';

export const connectChecks: readonly Check[] = [
  {
    layer: 'connect',
    name: 'CONNECT',
    statements: [],
    run: async ({ connect, broker }) => {
      const startedAt = performance.now();
      const [line, { properties }] = await connect();
      const took = (performance.now() - startedAt).toFixed(1);
      const id = properties?.assignedClientId === undefined ? '' : ', and gave a client id';
      return passed(`${line.info.peer} accepted MQTT ${broker.version} in ${took} ms${id}`);
    },
  },
  {
    layer: 'connect',
    name: 'authentication',
    statements: [],
    run: async ({ connect, broker }) => {
      const { auth } = broker.options;
      if (auth !== undefined) {
        await connect();
        return passed(`${auth.method} was accepted, and the broker proved that it knows the password`);
      }
      const { username, password } = broker.connectPacket();
      if (username === undefined && password === undefined) return passed('anyone may connect: nothing was asked for');
      await connect();
      return passed('user name and password were accepted');
    },
  },
  {
    layer: 'limits',
    name: 'limits',
    statements: [],
    run: async ({ connect, broker }) => {
      const [, connack] = await connect();
      return broker.version === '5.0' ? limitsOf(connack) : passed('3.1.1 does not tell');
    },
  },
];

function limitsOf({ properties = {} }: ConnackPacket): Verdict {
  const { maximumQoS, retainAvailable, receiveMaximum, maximumPacketBytes, topicAliasMaximum } = properties;
  const missing = [
    ...(retainAvailable === false ? ['retained messages'] : []),
    ...(properties.wildcardSubscriptionAvailable === false ? ['wildcards'] : []),
    ...(properties.sharedSubscriptionAvailable === false ? ['shared subscriptions'] : []),
    ...(properties.subscriptionIdentifierAvailable === false ? ['subscription identifiers'] : []),
  ];
  const facts = [
    `QoS up to ${maximumQoS ?? 2}`,
    `${receiveMaximum ?? 65_535} in flight`,
    `packets up to ${maximumPacketBytes ?? 'any'} bytes`,
    `${topicAliasMaximum ?? 0} topic aliases`,
    `keep-alive ${properties.serverKeepAliveSeconds ?? 'as asked'}`,
  ].join(', ');
  return missing.length === 0 ? passed(facts) : warned(`${facts}; not available: ${missing.join(', ')}`);
}
