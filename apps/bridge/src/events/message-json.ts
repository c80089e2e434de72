/** A message as JSON: what streams and lists consist of. */
import { isUtf8 } from 'node:buffer';
import type { Message, UserProperty } from 'omqtt';

export interface MessageJson {
  readonly topic: string;
  readonly payload: unknown;
  /** `json`: the payload is a JSON value, because its content type says so. `base64`: it is not text. */
  readonly encoding: 'utf8' | 'json' | 'base64';
  readonly qos: number;
  readonly retain: boolean;
  readonly receivedAt: string;
  readonly properties: PropertiesJson;
}

/** Named as in the envelopes that are published. */
export interface PropertiesJson {
  readonly contentType?: string;
  readonly payloadFormatIndicator?: 0 | 1;
  readonly messageExpiryInterval?: number;
  readonly responseTopic?: string;
  readonly correlationData?: string;
  readonly userProperties?: readonly UserProperty[];
}

type MessageFacts = Pick<Message, 'topic' | 'payload' | 'qos' | 'retain' | 'properties'>;

export function messageJson(message: MessageFacts, receivedAtMs: number): MessageJson {
  const { topic, qos, retain, properties } = message;
  return {
    topic,
    ...payloadJson(message.payload, properties.contentType),
    qos,
    retain,
    receivedAt: new Date(receivedAtMs).toISOString(),
    properties: propertiesJson(properties),
  };
}

function payloadJson(payload: Uint8Array, contentType?: string): Pick<MessageJson, 'payload' | 'encoding'> {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  if (!isUtf8(bytes)) return { payload: bytes.toString('base64'), encoding: 'base64' };
  const text = bytes.toString();
  if (contentType === undefined || !isJsonType(contentType)) return { payload: text, encoding: 'utf8' };
  try {
    return { payload: JSON.parse(text) as unknown, encoding: 'json' };
  } catch {
    return { payload: text, encoding: 'utf8' };
  }
}

export function propertiesJson(properties: Message['properties']): PropertiesJson {
  const { contentType, payloadFormatIndicator, messageExpirySeconds, responseTopic, correlationData } = properties;
  const { userProperties = [] } = properties;
  return {
    ...(contentType !== undefined && { contentType }),
    ...(payloadFormatIndicator !== undefined && { payloadFormatIndicator }),
    ...(messageExpirySeconds !== undefined && { messageExpiryInterval: messageExpirySeconds }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData && { correlationData: Buffer.from(correlationData).toString('base64') }),
    ...(userProperties.length > 0 && { userProperties }),
  };
}

function isJsonType(contentType: string): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType);
}
