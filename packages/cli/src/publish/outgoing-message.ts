/** A message as it is sent: what its source says, filled up with the options, with templates replaced. */
import { readFileSync } from 'node:fs';
import { randomInt, randomUUID } from 'node:crypto';
import type { PublishOptions } from 'omqtt';
import type { PublishProperties } from '@omqtt/codec';
import { LocalFileError, UsageError } from '../cli-error.ts';
import { decodePayload } from '../input/decode-payload.ts';
import type { SourceMessage } from '../input/payload-source.ts';
import { properties as rawProperties } from '../options/connection-options.ts';
import * as option from '../options/message-options.ts';
import { propertiesFor } from '../options/raw-properties.ts';
import type { Settings } from '../options/settings.ts';

export interface Outgoing {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly options: PublishOptions;
}

/** Makes messages; the options are read once. */
export function outgoingMessages(
  settings: Settings,
): (source: SourceMessage, topic: string | undefined, index: number) => Outgoing {
  const qos = settings.get(option.qos);
  const retain = settings.get(option.retain);
  const alias = settings.get(option.alias);
  const properties = propertiesOf(settings);
  const fill = settings.get(option.template) === true ? replaceTemplates : (text: string): string => text;
  const isTemplate = settings.get(option.template) === true;
  return (source, given, index) => {
    const topic = given ?? source.topic;
    if (topic === undefined) throw new UsageError('no topic: give TOPIC, -t TOPIC, or `topic` in each record');
    const all = { ...source.properties, ...properties };
    return {
      topic: fill(topic, index),
      payload: isTemplate
        ? new TextEncoder().encode(fill(new TextDecoder().decode(source.payload), index))
        : source.payload,
      options: {
        qos: qos ?? source.qos ?? 0,
        retain: retain ?? source.retain ?? false,
        ...(alias && { alias }),
        ...(Object.keys(all).length > 0 && { properties: all }),
      },
    };
  };
}

function propertiesOf(settings: Settings): PublishProperties {
  const expiry = settings.get(option.expiry);
  const form = settings.get(option.payloadFormat);
  const correlation = settings.get(option.correlation);
  const user = settings.get(option.user);
  const contentType = settings.get(option.contentType);
  const responseTopic = settings.get(option.responseTopic);
  const raw = propertiesFor('publish', settings.get(rawProperties)) as PublishProperties;
  const pairs = [...(raw.userProperties ?? []), ...(user ?? [])];
  return {
    ...raw,
    ...(expiry !== undefined && { messageExpirySeconds: Math.ceil(expiry / 1000) }),
    ...(form && { payloadFormatIndicator: form === 'text' ? 1 : 0 }),
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlation !== undefined && { correlationData: correlationBytes(correlation) }),
    ...(pairs.length > 0 && { userProperties: pairs }),
  };
}

function correlationBytes(given: string): Uint8Array {
  if (given.startsWith('hex:')) return decodePayload('hex', new TextEncoder().encode(given.slice(4)));
  if (given.startsWith('text:')) return new TextEncoder().encode(given.slice(5));
  if (!given.startsWith('@')) return new TextEncoder().encode(given);
  try {
    return readFileSync(given.slice(1));
  } catch (error) {
    throw new LocalFileError('read the correlation data in', given.slice(1), error);
  }
}

/** `{{i}}` counts from 0. */
function replaceTemplates(text: string, index: number): string {
  return text.replace(/\{\{(?<name>\w+(?::-?\d+:-?\d+)?)\}\}/g, (whole, name: string) => valueOf(name, index) ?? whole);
}

function valueOf(name: string, index: number): string | undefined {
  if (name === 'i') return String(index);
  if (name === 'now') return String(Date.now());
  if (name === 'iso') return new Date().toISOString();
  if (name === 'uuid') return randomUUID();
  if (name === 'rand') return String(Math.random());
  const [, low, high] = /^rand:(-?\d+):(-?\d+)$/.exec(name) ?? [];
  return low === undefined ? undefined : String(randomInt(Number(low), Number(high) + 1));
}
