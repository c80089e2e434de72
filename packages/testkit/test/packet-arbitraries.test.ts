import { decode, encode, type Packet, type PacketType, type ProtocolVersion, type Side } from '@omqtt/codec';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packetFrom, packets } from '../src/arbitraries.ts';

const versions: readonly ProtocolVersion[] = ['5.0', '3.1.1'];
const sides: readonly Side[] = ['client', 'server'];
// A fixed seed: what these tests say about the whole sample must not depend on luck.
const sampled = { seed: 1, numRuns: 4000 };

describe.each(versions)('packet arbitraries of %s', (version) => {
  const sample = fc.sample(packets(version), sampled);

  test.each(sides)('a packet from the %s is one that this side may send, and the other accepts as it is', (side) => {
    const other = side === 'client' ? 'server' : 'client';
    fc.assert(
      fc.property(packetFrom(version, side), (packet) => {
        const bytes = encode(packet, version, { role: side });
        expect(decode(bytes, version, { role: other })).toStrictEqual(packet);
      }),
      { numRuns: 1000 },
    );
  });

  test('every packet type of the version is produced', () => {
    const all: readonly PacketType[] = [...typesOfBoth, ...(version === '5.0' ? (['auth'] as const) : [])];
    expect(new Set(sample.map(({ type }) => type))).toEqual(new Set(all));
  });

  test('no packet has members that are undefined, or empty properties', () => {
    const empties = sample.flatMap(propertiesOf).filter(({ properties }) => Object.keys(properties).length === 0);
    expect(empties).toEqual([]);
    expect(sample.flatMap((packet) => Object.values<unknown>({ ...packet }))).not.toContain(undefined);
  });

  test('the remarkable texts and payloads are produced', () => {
    const strings = sample.flatMap(textsOf);
    expect(strings).toContain('');
    expect(strings.some((text) => text.startsWith('\uFEFF') && text.length > 1)).toBe(true);
    expect(strings.some((text) => /[\u{10000}-\u{10FFFF}]/u.test(text))).toBe(true);
    expect(strings.some((text) => new TextEncoder().encode(text).length === 65_535)).toBe(true);
  });
});

test('every property of 5.0 is produced in every packet that may carry it', () => {
  const sample = fc.sample(packets('5.0'), sampled);
  const seen: Record<string, Set<string>> = {};
  for (const { carrier, properties } of sample.flatMap(propertiesOf)) {
    for (const name of Object.keys(properties)) (seen[carrier] ??= new Set()).add(name);
  }
  const produced = Object.fromEntries(Object.entries(seen).map(([carrier, names]) => [carrier, [...names].toSorted()]));
  const expected = Object.entries(propertiesByCarrier).map(([carrier, names]) => [
    carrier,
    names.split(' ').toSorted(),
  ]);
  expect(produced).toEqual(Object.fromEntries(expected));
});

test('a user property comes more than once in some packets', () => {
  const names = fc
    .sample(packets('5.0'), sampled)
    .flatMap(propertiesOf)
    .map(({ properties }) => (properties['userProperties'] ?? []) as readonly (readonly [string, string])[])
    .map((pairs) => pairs.map(([name]) => name));
  expect(names.some((each) => new Set(each).size < each.length)).toBe(true);
});

const typesOfBoth: readonly PacketType[] = [
  'connect',
  'connack',
  'publish',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'subscribe',
  'suback',
  'unsubscribe',
  'unsuback',
  'pingreq',
  'pingresp',
  'disconnect',
];

/** Written down from §3 of MQTT 5.0, once more and by another route than the arbitraries. */
const message = 'payloadFormatIndicator messageExpirySeconds contentType responseTopic correlationData userProperties';
const limits = 'sessionExpirySeconds receiveMaximum maximumPacketBytes topicAliasMaximum';
const authentication = 'authenticationMethod authenticationData';
const answer = 'reasonString userProperties';
const propertiesByCarrier: Readonly<Record<string, string>> = {
  connect: `${limits} ${authentication} requestResponseInformation requestProblemInformation userProperties`,
  will: `${message} willDelaySeconds`,
  connack: [
    `${limits} ${authentication} ${answer} maximumQoS retainAvailable assignedClientId serverKeepAliveSeconds`,
    'wildcardSubscriptionAvailable subscriptionIdentifierAvailable sharedSubscriptionAvailable',
    'responseInformation serverReference',
  ].join(' '),
  publish: `${message} topicAlias subscriptionIdentifiers`,
  puback: answer,
  pubrec: answer,
  pubrel: answer,
  pubcomp: answer,
  subscribe: 'subscriptionIdentifier userProperties',
  suback: answer,
  unsubscribe: 'userProperties',
  unsuback: answer,
  disconnect: `${answer} sessionExpirySeconds serverReference`,
  auth: `${answer} ${authentication}`,
};

interface Block {
  readonly carrier: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

function propertiesOf(packet: Packet): Block[] {
  const blocks: Block[] = [];
  if ('properties' in packet && packet.properties) {
    blocks.push({ carrier: packet.type, properties: { ...packet.properties } });
  }
  if (packet.type === 'connect' && packet.will?.properties) {
    blocks.push({ carrier: 'will', properties: { ...packet.will.properties } });
  }
  return blocks;
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return Object.values(value).flatMap(textsOf);
}
