/**
 * The properties of a PUBLISH, read without the table: they come with every message, and storing a value under a name that
 * is only known when it is read takes an engine ten times as long as under one that stands in the code.
 */
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import type { PublishProperties } from './properties.ts';

/** Reads the block up to `reader.end`, or nothing where it is not sound: by the table it is told what is wrong with it. */
export function readMessageProperties(reader: PacketReader): PublishProperties | undefined {
  const start = reader.at;
  const properties = readKnown(reader);
  if (properties === undefined) reader.at = start;
  return properties;
}

function readKnown(reader: PacketReader): PublishProperties | undefined {
  const properties: Writable<PublishProperties> = {};
  let seen = 0;
  while (reader.left > 0) {
    const id = reader.u8();
    // A bit of its own for each of them.
    const bit = 1 << (id + (id >>> 5));
    if (seen & bit && id !== 0x0b && id !== 0x26) return undefined;
    seen |= bit;
    switch (id) {
      case 0x01: {
        const value = reader.u8();
        if (value > 1) return undefined;
        properties.payloadFormatIndicator = value as 0 | 1;
        break;
      }
      case 0x02:
        properties.messageExpirySeconds = reader.u32();
        break;
      case 0x03:
        properties.contentType = reader.text();
        break;
      case 0x08: {
        const topic = reader.topic('3.3.2-14');
        if (topic === '') return undefined;
        properties.responseTopic = topic;
        break;
      }
      case 0x09:
        properties.correlationData = reader.binary();
        break;
      case 0x0b: {
        const value = reader.variable();
        if (value === 0) return undefined;
        (properties.subscriptionIdentifiers ??= []).push(value);
        break;
      }
      case 0x23: {
        const value = reader.u16();
        if (value === 0) return undefined;
        properties.topicAlias = value;
        break;
      }
      case 0x26:
        (properties.userProperties ??= []).push([reader.text(), reader.text()]);
        break;
      default:
        return undefined;
    }
  }
  return properties;
}

/** Writes them all in the order of their ids, or nothing where they are not sound; says whether it did. */
export function writeMessageProperties(writer: PacketWriter, properties: PublishProperties): boolean {
  const start = writer.at;
  // What has no place here is left over.
  let left = 0;
  for (const name in properties) if (properties[name as keyof PublishProperties] !== undefined) left += 1;
  if (left === writeKnown(writer, properties)) return true;
  writer.at = start;
  return false;
}

/** Returns how many names had a value that was written. */
function writeKnown(writer: PacketWriter, properties: PublishProperties): number {
  const { payloadFormatIndicator, messageExpirySeconds, contentType, responseTopic, correlationData } = properties;
  let count = 0;
  if (payloadFormatIndicator === 0 || payloadFormatIndicator === 1) {
    writer.u16(0x0100 | payloadFormatIndicator);
    count += 1;
  }
  if (isWithin(messageExpirySeconds, 0, 0xffff_ffff)) {
    writer.u8(0x02);
    writer.u32(messageExpirySeconds);
    count += 1;
  }
  if (contentType !== undefined) {
    writer.u8(0x03);
    writer.text(contentType, 'contentType');
    count += 1;
  }
  if (responseTopic !== undefined) {
    writer.u8(0x08);
    writer.topic(responseTopic, 'responseTopic', '3.3.2-14');
    count += 1;
  }
  if (correlationData !== undefined) {
    writer.u8(0x09);
    if (correlationData instanceof Uint8Array && correlationData.length <= FEW) writeFew(writer, correlationData);
    else writer.binary(correlationData, 'correlationData');
    count += 1;
  }
  return count + writeRare(writer, properties);
}

/** Calling `set` costs as much as copying so many bytes one by one. */
const FEW = 20;

function writeFew(writer: PacketWriter, value: Uint8Array): void {
  writer.u16(value.length);
  const at = writer.reserve(value.length);
  for (let index = 0; index < value.length; index += 1) writer.bytes[at + index] = value[index] as number;
  writer.at = at + value.length;
}

function writeRare(writer: PacketWriter, { topicAlias, userProperties }: PublishProperties): number {
  let count = 0;
  if (isWithin(topicAlias, 1, 0xffff)) {
    writer.u8(0x23);
    writer.u16(topicAlias);
    count += 1;
  }
  if (!Array.isArray(userProperties)) return count;
  for (const pair of userProperties as readonly unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2) return count;
    const [key, text] = pair as [string, string];
    writer.u8(0x26);
    writer.text(key, 'userProperties');
    writer.text(text, 'userProperties');
  }
  return count + 1;
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

type Writable<Properties> = {
  -readonly [Name in keyof Properties]: Properties[Name] extends readonly (infer Item)[] | undefined
    ? Item[]
    : Properties[Name];
};
