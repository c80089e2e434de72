/** The fields that tshark has to find in a packet: its names for ours, and the order in which they are on the wire. */
import type { ConnectPacket, Packet, ProtocolVersion, PublishPacket, SubscribePacket } from '@omqtt/codec';

/** `length` is that of the encoded packet. */
export function expectedFields(packet: Packet, version: ProtocolVersion, length: number): string[] {
  const remaining = length - 1 - bytesOfRemainingLength(length);
  const start = [`mqtt.msgtype ${typeNumbers[packet.type]}`];
  const header = packet.type === 'publish' ? [...start, ...publishFlags(packet)] : start;
  return [...header, `mqtt.len ${remaining}`, ...bodyFields(packet, version, remaining)];
}

const typeNumbers: Readonly<Record<Packet['type'], number>> = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
  auth: 15,
};

function bytesOfRemainingLength(length: number): number {
  return [0x80, 0x4000, 0x20_0000].filter((limit, index) => length - 2 - index >= limit).length + 1;
}

function bodyFields(packet: Packet, version: ProtocolVersion, remaining: number): string[] {
  const isV5 = version === '5.0';
  switch (packet.type) {
    case 'connect':
      return connectFields(packet);
    case 'connack':
      return [
        `mqtt.conack.flags.sp ${Number(packet.sessionPresent)}`,
        isV5
          ? `mqtt.connack.reason_code ${packet.reasonCode}`
          : `mqtt.conack.val ${returnCodes.indexOf(packet.reasonCode)}`,
        ...(isV5 ? propertyFields(packet.properties) : []),
      ];
    case 'publish':
      return publishFields(packet, version);
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return [`mqtt.msgid ${packet.packetId}`, ...endingFields(packet, remaining - 2)];
    case 'subscribe':
      return subscribeFields(packet, version);
    case 'suback':
      return [
        `mqtt.msgid ${packet.packetId}`,
        ...(isV5 ? propertyFields(packet.properties) : []),
        ...packet.reasonCodes.map((code) => `${isV5 ? 'mqtt.suback.reason_code' : 'mqtt.suback.qos'} ${code}`),
      ];
    case 'unsubscribe':
      return [
        `mqtt.msgid ${packet.packetId}`,
        ...(isV5 ? propertyFields(packet.properties) : []),
        ...packet.filters.flatMap((filter) => textFields('mqtt.topic', filter)),
      ];
    case 'unsuback':
      return [
        `mqtt.msgid ${packet.packetId}`,
        ...(isV5 ? propertyFields(packet.properties) : []),
        ...packet.reasonCodes.map((code) => `mqtt.unsuback.reason_code ${code}`),
      ];
    case 'pingreq':
    case 'pingresp':
      return [];
    case 'disconnect':
    case 'auth':
      return endingFields(packet, remaining);
  }
}

/** What 0 to 5 mean in a CONNACK of 3.1.1. */
const returnCodes: readonly number[] = [0x00, 0x84, 0x85, 0x88, 0x86, 0x87];

/** The reason code and the properties, as far as there are bytes for them. */
function endingFields(packet: Extract<Packet, { readonly reasonCode: number }>, bytesLeft: number): string[] {
  if (bytesLeft === 0) return [];
  const reasonCode = `mqtt.${packet.type}.reason_code ${packet.reasonCode}`;
  return bytesLeft === 1 ? [reasonCode] : [reasonCode, ...propertyFields(packet.properties)];
}

function connectFields(packet: ConnectPacket): string[] {
  const { version, username, password, will, cleanStart, keepAliveSeconds, properties, clientId } = packet;
  const isV5 = version === '5.0';
  return [
    ...textFields('mqtt.protoname', 'MQTT', 'mqtt.proto_len'),
    `mqtt.ver ${isV5 ? 5 : 4}`,
    `mqtt.conflag.uname ${Number(username !== undefined)}`,
    `mqtt.conflag.passwd ${Number(password !== undefined)}`,
    `mqtt.conflag.retain ${Number(will?.retain ?? false)}`,
    `mqtt.conflag.qos ${will?.qos ?? 0}`,
    `mqtt.conflag.willflag ${Number(will !== undefined)}`,
    `mqtt.conflag.cleansess ${Number(cleanStart)}`,
    `mqtt.kalive ${keepAliveSeconds}`,
    ...(isV5 ? propertyFields(properties) : []),
    ...textFields('mqtt.clientid', clientId),
    ...(will && isV5 ? propertyFields(will.properties) : []),
    ...(will ? [...textFields('mqtt.willtopic', will.topic), ...binaryFields('mqtt.willmsg', will.payload)] : []),
    ...(username === undefined ? [] : textFields('mqtt.username', username)),
    ...(password === undefined ? [] : binaryFields('mqtt.passwd', password)),
  ];
}

function publishFlags({ dup, qos, retain }: PublishPacket): string[] {
  return [`mqtt.dupflag ${Number(dup)}`, `mqtt.qos ${qos}`, `mqtt.retain ${Number(retain)}`];
}

function publishFields({ topic, packetId, properties, payload }: PublishPacket, version: ProtocolVersion): string[] {
  return [
    ...textFields('mqtt.topic', topic),
    ...(packetId === undefined ? [] : [`mqtt.msgid ${packetId}`]),
    ...(version === '5.0' ? propertyFields(inOrderOfIds(properties)) : []),
    ...(payload.length === 0 ? [] : [`mqtt.msg ${hex(payload)}`]),
  ];
}

function subscribeFields({ packetId, subscriptions, properties }: SubscribePacket, version: ProtocolVersion): string[] {
  const requests = subscriptions.flatMap(({ filter, qos, noLocal, retainAsPublished, retainHandling }) => {
    const topic = textFields('mqtt.topic', filter);
    if (version === '3.1.1') return [...topic, `mqtt.sub.qos ${qos}`];
    return [
      ...topic,
      `mqtt.subscription_options_retain ${retainHandling}`,
      `mqtt.subscription_options_rap ${Number(retainAsPublished)}`,
      `mqtt.subscription_options_nl ${Number(noLocal)}`,
      `mqtt.subscription_options_qos ${qos}`,
    ];
  });
  return [`mqtt.msgid ${packetId}`, ...(version === '5.0' ? propertyFields(properties) : []), ...requests];
}

/** The identifiers of §2.2.2.2, and the name of the field for the value where tshark has one of its own. */
const properties: Readonly<Record<string, readonly [id: number, field?: string]>> = {
  payloadFormatIndicator: [1],
  messageExpirySeconds: [2],
  contentType: [3, 'mqtt.property.content_type'],
  responseTopic: [8],
  correlationData: [9],
  subscriptionIdentifiers: [11],
  subscriptionIdentifier: [11],
  sessionExpirySeconds: [17],
  assignedClientId: [18],
  serverKeepAliveSeconds: [19],
  authenticationMethod: [21],
  authenticationData: [22],
  requestProblemInformation: [23],
  willDelaySeconds: [24],
  requestResponseInformation: [25],
  responseInformation: [26],
  serverReference: [28],
  reasonString: [31],
  receiveMaximum: [33],
  topicAliasMaximum: [34],
  topicAlias: [35, 'mqtt.property.topic_alias'],
  maximumQoS: [36, 'mqtt.property.max_qos'],
  retainAvailable: [37],
  userProperties: [38],
  maximumPacketBytes: [39],
  wildcardSubscriptionAvailable: [40],
  subscriptionIdentifierAvailable: [41],
  sharedSubscriptionAvailable: [42],
};

/** The properties of PUBLISH as Node writes them: in the order of their ids, unless one is of servers. */
function inOrderOfIds(block: object = {}): object {
  if ('subscriptionIdentifiers' in block) return block;
  return Object.fromEntries(Object.entries(block).toSorted(([one], [other]) => idOf(one) - idOf(other)));
}

function idOf(name: string): number {
  return properties[name]?.[0] ?? 0;
}

/** They are written in the order in which the object has them, each value of a list for itself. */
function propertyFields(block: object = {}): string[] {
  const entries = Object.entries(block) as [string, unknown][];
  const values = entries.flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((each: unknown) => [name, each] as const) : [[name, value] as const],
  );
  const fields = values.map(([name, value]) => propertyField(name, value));
  const length = fields.reduce((sum, { size }) => sum + size, 0);
  return [`mqtt.property_len ${length}`, ...fields.flatMap((field) => field.fields)];
}

function propertyField(name: string, value: unknown): { readonly size: number; readonly fields: readonly string[] } {
  const [id, special] = properties[name] ?? [0];
  const idField = `mqtt.property_id ${id}`;
  if (typeof value === 'number' || typeof value === 'boolean') {
    return {
      size: 1 + sizeOfNumber(id, Number(value)),
      fields: [idField, `${special ?? 'mqtt.prop_number'} ${Number(value)}`],
    };
  }
  if (Array.isArray(value)) {
    const [key, text] = value as [string, string];
    const fields = [idField, ...textFields('mqtt.prop_key', key), ...textFields('mqtt.prop_value', text)];
    return { size: 5 + utf8(key).length + utf8(text).length, fields };
  }
  const bytes = typeof value === 'string' ? utf8(value) : (value as Uint8Array);
  const fields = special === undefined ? binaryFields('mqtt.prop_string', bytes) : [`${special} ${hex(bytes)}`];
  return { size: 3 + bytes.length, fields: [idField, ...fields] };
}

function sizeOfNumber(id: number, value: number): number {
  if ([2, 17, 24, 39].includes(id)) return 4;
  if ([19, 33, 34, 35].includes(id)) return 2;
  return id === 11 ? [0x80, 0x4000, 0x20_0000].filter((limit) => value >= limit).length + 1 : 1;
}

function textFields(name: string, text: string, lengthName?: string): string[] {
  return binaryFields(name, utf8(text), lengthName);
}

/** Of a field that is empty only the length is left. */
function binaryFields(name: string, bytes: Uint8Array, lengthName = `${name}_len`): string[] {
  const length = `${lengthName} ${bytes.length}`;
  return bytes.length === 0 ? [length] : [length, `${name} ${hex(bytes)}`];
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
