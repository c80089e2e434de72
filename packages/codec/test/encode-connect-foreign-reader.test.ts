import * as fc from 'fast-check';
import { parser } from 'mqtt-packet';
import type { IConnectPacket, Packet as ForeignPacket } from 'mqtt-packet';
import { expect, test } from 'vitest';

import { encode } from '../src/index.ts';
import type { ConnectPacket, UserProperty } from '../src/index.ts';

const texts = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
const names = texts.filter((text) => text !== '__proto__');
const bytes = fc.uint8Array({ maxLength: 40 });
const options = { requiredKeys: [] };
// The other parser keeps user properties by name, so a repeated name would come back as a list.
const userProperties = fc.uniqueArray(fc.tuple(names, texts), { selector: ([name]) => name, maxLength: 3 });

const connectProperties = fc.record(
  {
    sessionExpirySeconds: fc.nat(),
    receiveMaximum: fc.integer({ min: 1, max: 65_535 }),
    maximumPacketBytes: fc.integer({ min: 1, max: 0xffff_ffff }),
    topicAliasMaximum: fc.nat(65_535),
    requestResponseInformation: fc.boolean(),
    requestProblemInformation: fc.boolean(),
    userProperties,
  },
  options,
);
const willProperties = fc.record(
  { willDelaySeconds: fc.nat(), contentType: texts, correlationData: bytes, userProperties },
  options,
);
const will = {
  topic: texts.filter((topic) => /^[^#+]+$/u.test(topic)),
  payload: bytes,
  qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
  retain: fc.boolean(),
};
const common = { cleanStart: fc.boolean(), keepAliveSeconds: fc.nat(65_535) };

const connects5: fc.Arbitrary<ConnectPacket> = fc.record(
  {
    type: fc.constant('connect' as const),
    version: fc.constant('5.0' as const),
    clientId: texts,
    ...common,
    username: texts,
    password: bytes,
    will: fc.record({ ...will, properties: willProperties }, { requiredKeys: ['topic', 'payload', 'qos', 'retain'] }),
    properties: connectProperties,
  },
  { requiredKeys: ['type', 'version', 'clientId', 'cleanStart', 'keepAliveSeconds'] },
);
const connects311: fc.Arbitrary<ConnectPacket> = fc
  .record(
    {
      type: fc.constant('connect' as const),
      version: fc.constant('3.1.1' as const),
      clientId: texts.filter((id) => id !== ''),
      ...common,
      user: fc.record({ username: texts, password: bytes }, { requiredKeys: ['username'] }),
      will: fc.record(will),
    },
    { requiredKeys: ['type', 'version', 'clientId', 'cleanStart', 'keepAliveSeconds'] },
  )
  .map(({ user, ...packet }) => ({ ...packet, ...user }));

test('[5.0 MQTT-3.1.4-1] another parser finds in each CONNECT what was put into it', () => {
  fc.assert(
    fc.property(fc.oneof(connects5, connects311), (packet) => {
      expect(readElsewhere(encode(packet, packet.version))).toEqual(described(packet));
    }),
  );
});

/** The packet in a form that both parsers' packets can be brought to. */
function described({ version, will: last, properties, ...packet }: ConnectPacket): unknown {
  return {
    level: version === '5.0' ? 5 : 4,
    clientId: packet.clientId,
    cleanStart: packet.cleanStart,
    keepAliveSeconds: packet.keepAliveSeconds,
    username: packet.username,
    password: packet.password === undefined ? undefined : [...packet.password],
    will: last && [last.topic, [...last.payload], last.qos, last.retain],
    willDelay: last?.properties?.willDelaySeconds,
    contentType: last?.properties?.contentType,
    correlationData: last?.properties?.correlationData && [...last.properties.correlationData],
    willUserProperties: asObject(last?.properties?.userProperties),
    sessionExpiry: properties?.sessionExpirySeconds,
    receiveMaximum: properties?.receiveMaximum,
    maximumPacketSize: properties?.maximumPacketBytes,
    topicAliasMaximum: properties?.topicAliasMaximum,
    requestResponseInformation: properties?.requestResponseInformation,
    requestProblemInformation: properties?.requestProblemInformation,
    userProperties: asObject(properties?.userProperties),
  };
}

function asObject(pairs: readonly UserProperty[] | undefined): unknown {
  return pairs === undefined || pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function readElsewhere(written: Uint8Array): unknown {
  const packets: ForeignPacket[] = [];
  const foreign = parser({});
  foreign.on('packet', (packet) => packets.push(packet));
  foreign.on('error', (error: unknown) => {
    throw error;
  });
  const left = foreign.parse(Buffer.from(written));
  const [packet] = packets;
  if (packet?.cmd !== 'connect' || packets.length !== 1 || left !== 0) throw new Error('not one CONNECT');
  return describedElsewhere(packet);
}

function describedElsewhere({ will: last, properties, ...packet }: IConnectPacket): unknown {
  return {
    level: packet.protocolVersion,
    clientId: packet.clientId,
    cleanStart: packet.clean,
    keepAliveSeconds: packet.keepalive,
    username: packet.username,
    password: packet.password === undefined ? undefined : [...packet.password],
    will: last && [last.topic, [...Buffer.from(last.payload)], last.qos, last.retain],
    willDelay: last?.properties?.willDelayInterval,
    contentType: last?.properties?.contentType,
    correlationData: last?.properties?.correlationData && [...last.properties.correlationData],
    willUserProperties: last?.properties?.userProperties && { ...last.properties.userProperties },
    sessionExpiry: properties?.sessionExpiryInterval,
    receiveMaximum: properties?.receiveMaximum,
    maximumPacketSize: properties?.maximumPacketSize,
    topicAliasMaximum: properties?.topicAliasMaximum,
    requestResponseInformation: properties?.requestResponseInformation,
    requestProblemInformation: properties?.requestProblemInformation,
    userProperties: properties?.userProperties && { ...properties.userProperties },
  };
}
