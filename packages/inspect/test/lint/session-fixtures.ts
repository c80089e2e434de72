/** For each rule about a connection: a conversation that breaks it, and one beside it that does not. */
import type { AuthPacket } from '@omqtt/codec';
import type { LimitRuleName } from './limit-fixtures.ts';
import type { SessionRuleName } from '../../src/lint/session-rules.ts';
import type { Step } from '../conversation.ts';
import { client, close, connack, connect, connected, on, publish, server, wait } from '../packets.ts';

type Fixture = readonly [bad: readonly Step[], good: readonly Step[]];

const lasting = { cleanStart: false, properties: { sessionExpirySeconds: 3600 } } as const;
const will = { topic: 'w', payload: new Uint8Array(0), qos: 1, retain: true } as const;
const disconnect = { type: 'disconnect', reasonCode: 0 } as const;
const withMethod = { properties: { authenticationMethod: 'm' } } as const;
const authenticated = connack({ properties: { authenticationMethod: 'm' } });

function auth(reasonCode: number, authenticationMethod: string = 'm'): AuthPacket {
  return { type: 'auth', reasonCode, properties: { authenticationMethod } };
}

function limited(properties: Parameters<typeof connack>[0]): readonly Step[] {
  return [connect(), connack(properties)];
}

type HandshakeRuleName = Exclude<SessionRuleName, LimitRuleName>;

export const sessionFixtures: Readonly<Record<HandshakeRuleName, Fixture>> = {
  'before-connect': [[client('c000')], connected],
  'second-connect': [[...connected, connect()], connected],
  'before-connack': [[connect(), server(publish())], connected],
  'second-connack': [[...connected, connack()], connected],
  'sent-before-connack': [
    [connect(withMethod), client(publish())],
    [connect(withMethod), client(auth(0x18)), authenticated, client(publish())],
  ],
  'accepted-bad-connect': [[client('100e00044d5154540503003c00000163'), connack()], connected],
  'session-on-clean-start': [
    [connect(), connack({ sessionPresent: true })],
    [connect({ cleanStart: false }), connack({ sessionPresent: true })],
  ],
  'session-out-of-nowhere': [
    [
      ...connected,
      client(disconnect),
      close(),
      wait(10_000),
      on('two'),
      connect({ cleanStart: false }),
      connack({ sessionPresent: true }),
    ],
    [...connected, client(disconnect), close(), wait(10_000), on('two'), connect({ cleanStart: false }), connack()],
  ],
  'kept-foreign-session': [
    [
      ...connected,
      client(disconnect),
      close(),
      wait(10_000),
      on('two'),
      connect({ cleanStart: false }),
      connack({ sessionPresent: true }),
      client(publish()),
    ],
    [
      ...connected,
      client(disconnect),
      close(),
      wait(10_000),
      on('two'),
      connect({ cleanStart: false }),
      connack(),
      client(publish()),
    ],
  ],
  'session-lost-by-server': [
    [
      connect({ ...lasting, cleanStart: true }),
      connack(),
      client(disconnect),
      close(),
      on('two'),
      connect(lasting),
      connack(),
    ],
    [
      connect({ ...lasting, cleanStart: true }),
      connack(),
      client(disconnect),
      close(),
      on('two'),
      connect(lasting),
      connack({ sessionPresent: true }),
    ],
  ],
  'resent-into-new-session': [
    [
      connect({ ...lasting, cleanStart: true }),
      connack(),
      client(publish({ qos: 1 })),
      close(),
      on('two'),
      connect(),
      connack(),
      client(publish({ qos: 1, dup: true })),
    ],
    [
      connect({ ...lasting, cleanStart: true }),
      connack(),
      client(publish({ qos: 1 })),
      close(),
      on('two'),
      connect(),
      connack(),
      client(publish({ qos: 1 })),
    ],
  ],
  'no-assigned-id': [
    [connect({ clientId: '' }), connack()],
    [connect({ clientId: '' }), connack({ properties: { assignedClientId: 'x' } })],
  ],
  'refused-good-id': [
    [connect(), connack({ reasonCode: 0x85 })],
    [connect({ clientId: 'a/b' }), connack({ reasonCode: 0x85 })],
  ],
  'will-qos-accepted': [
    [connect({ will }), connack({ properties: { maximumQoS: 0 } })],
    [connect({ will }), connack({ properties: { maximumQoS: 1 } })],
  ],
  'will-retain-accepted': [
    [connect({ will }), connack({ properties: { retainAvailable: false } })],
    [connect({ will }), connack({ reasonCode: 0x9a })],
  ],
  'unasked-response-information': [
    limited({ properties: { responseInformation: 'r' } }),
    [
      connect({ properties: { requestResponseInformation: true } }),
      connack({ properties: { responseInformation: 'r' } }),
    ],
  ],
  'unwanted-problem-information': [
    [
      connect({ properties: { requestProblemInformation: false } }),
      connack(),
      client(publish({ qos: 1 })),
      server({ type: 'puback', packetId: 1, reasonCode: 0, properties: { reasonString: 'r' } }),
    ],
    [
      ...connected,
      client(publish({ qos: 1 })),
      server({ type: 'puback', packetId: 1, reasonCode: 0, properties: { reasonString: 'r' } }),
    ],
  ],
  'after-disconnect': [
    [...connected, client(disconnect), client('c000')],
    [...connected, client('c000'), client(disconnect)],
  ],
  'disconnect-before-connack': [
    [connect(), server({ ...disconnect, reasonCode: 0x81 })],
    [...connected, server({ ...disconnect, reasonCode: 0x81 })],
  ],
  'after-refusal': [
    [connect(), connack({ reasonCode: 0x87 }), server('d000')],
    [connect(), connack({ reasonCode: 0x87 }), close('server')],
  ],
  'open-after-refusal': [
    [connect(), connack({ reasonCode: 0x87 }), wait(30_000)],
    [connect(), connack({ reasonCode: 0x87 }), close('server'), wait(30_000)],
  ],
  'open-after-disconnect': [
    [...connected, client(disconnect), wait(30_000)],
    [...connected, client(disconnect), close(), wait(30_000)],
  ],
  'after-malformed': [
    [...connected, client('360700016100010078'), wait(3000), server('d000')],
    [...connected, client('c000'), wait(3000), server('d000')],
  ],
  'raised-expiry': [
    [...connected, client({ ...disconnect, properties: { sessionExpirySeconds: 9 } })],
    [connect(lasting), connack(), client({ ...disconnect, properties: { sessionExpirySeconds: 9 } })],
  ],
  'served-after-takeover': [
    [...connected, on('two'), ...connected, wait(3000), on('one'), client('c000'), server('d000')],
    [...connected, on('two'), ...connected, wait(3000), on('one'), server({ ...disconnect, reasonCode: 0x8e })],
  ],
  'unasked-auth': [
    [connect(), server(auth(0x18))],
    [connect(withMethod), server(auth(0x18))],
  ],
  'auth-without-connect-method': [
    [connect(), client(auth(0x18))],
    [connect(withMethod), client(auth(0x18))],
  ],
  'other-method': [
    [connect(withMethod), server(auth(0x18, 'n'))],
    [connect(withMethod), server(auth(0x18))],
  ],
  'server-auth-code': [
    [connect(withMethod), server(auth(0))],
    [connect(withMethod), server(auth(0x18))],
  ],
  'client-auth-code': [
    [connect(withMethod), server(auth(0x18)), client(auth(0))],
    [connect(withMethod), server(auth(0x18)), client(auth(0x18))],
  ],
  'early-re-authentication': [
    [connect(withMethod), client(auth(0x19))],
    [connect(withMethod), authenticated, client(auth(0x19))],
  ],
  'kept-after-failed-re-authentication': [
    [
      connect(withMethod),
      authenticated,
      client(auth(0x19)),
      server({ ...disconnect, reasonCode: 0x87 }),
      wait(3000),
      client('c000'),
    ],
    [connect(withMethod), authenticated, client(auth(0x19)), server(auth(0)), client('c000'), server('d000')],
  ],
};
