/** The properties of a message as bytes: a tag and a value each, in the order in which they are here, up to a zero. */
import type { StoredMessage } from '@omqtt/contracts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

type PublishProperties = NonNullable<StoredMessage['properties']>;
type UserProperty = NonNullable<PublishProperties['userProperties']>[number];

const END = 0;
const FORMAT = 1;
const EXPIRY = 2;
const CONTENT_TYPE = 3;
const RESPONSE_TOPIC = 4;
const CORRELATION = 5;
const USER = 6;
const IDENTIFIERS = 7;
const ALIAS = 8;

export function writeProperties(writer: ByteWriter, properties: PublishProperties): void {
  const { payloadFormatIndicator, messageExpirySeconds, topicAlias } = properties;
  if (payloadFormatIndicator !== undefined) {
    writer.byte(FORMAT);
    writer.byte(payloadFormatIndicator);
  }
  if (messageExpirySeconds !== undefined) {
    writer.byte(EXPIRY);
    writer.uint32(messageExpirySeconds);
  }
  if (topicAlias !== undefined) {
    writer.byte(ALIAS);
    writer.uint16(topicAlias);
  }
  writeTexts(writer, properties);
  writeLists(writer, properties);
  writer.byte(END);
}

function writeTexts(writer: ByteWriter, { contentType, responseTopic, correlationData }: PublishProperties): void {
  if (contentType !== undefined) {
    writer.byte(CONTENT_TYPE);
    writer.text(contentType);
  }
  if (responseTopic !== undefined) {
    writer.byte(RESPONSE_TOPIC);
    writer.text(responseTopic);
  }
  if (correlationData !== undefined) {
    writer.byte(CORRELATION);
    writer.sizedBytes(correlationData);
  }
}

function writeLists(writer: ByteWriter, { userProperties, subscriptionIdentifiers }: PublishProperties): void {
  if (userProperties !== undefined) {
    writer.byte(USER);
    writer.uint32(userProperties.length);
    for (const [name, value] of userProperties) {
      writer.text(name);
      writer.text(value);
    }
  }
  if (subscriptionIdentifiers !== undefined) {
    writer.byte(IDENTIFIERS);
    writer.uint32(subscriptionIdentifiers.length);
    for (const identifier of subscriptionIdentifiers) writer.uint32(identifier);
  }
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Throws for a tag that this version does not know. */
export function readProperties(reader: ByteReader): PublishProperties {
  const found: Mutable<PublishProperties> = {};
  for (let tag = reader.byte(); tag !== END; tag = reader.byte()) readProperty(reader, tag, found);
  return found;
}

function readProperty(reader: ByteReader, tag: number, into: Mutable<PublishProperties>): void {
  const read = readers[tag];
  if (read === undefined) throw new RangeError(`there is no property with the tag ${tag}`);
  Object.assign(into, read(reader));
}

const readers: Readonly<Record<number, (reader: ByteReader) => PublishProperties>> = {
  [FORMAT]: (reader) => ({ payloadFormatIndicator: reader.byte() as 0 | 1 }),
  [EXPIRY]: (reader) => ({ messageExpirySeconds: reader.uint32() }),
  [ALIAS]: (reader) => ({ topicAlias: reader.uint16() }),
  [CONTENT_TYPE]: (reader) => ({ contentType: reader.text() }),
  [RESPONSE_TOPIC]: (reader) => ({ responseTopic: reader.text() }),
  [CORRELATION]: (reader) => ({ correlationData: reader.sizedBytes() }),
  [USER]: (reader) => ({
    userProperties: Array.from({ length: reader.uint32() }, (): UserProperty => [reader.text(), reader.text()]),
  }),
  [IDENTIFIERS]: (reader) => ({
    subscriptionIdentifiers: Array.from({ length: reader.uint32() }, () => reader.uint32()),
  }),
};
