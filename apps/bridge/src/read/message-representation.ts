/** A message as an answer: its payload with headers, or an envelope. */
import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Message } from 'omqtt';
import { messageJson, propertiesJson } from '../events/message-json.ts';

/** The same payload with the same properties, in the same form; the time that is left to it makes no other message of it. */
export function entityTagOf({ payload, properties, qos }: Message, isEnvelope: boolean): string {
  const { messageExpirySeconds: _left, ...lasting } = properties;
  const hash = createHash('sha256')
    .update(payload)
    .update('\0')
    .update(JSON.stringify([qos, propertiesJson(lasting)]));
  return `"${hash.digest('base64url').slice(0, 27)}${isEnvelope ? '-json' : ''}"`;
}

/** `If-None-Match: "a", W/"b"` or `*`. */
export function matchesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((one) => one.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(tag);
}

export function wantsEnvelope(accept: string | undefined): boolean {
  return accept !== undefined && /(?:^|,)\s*application\/json\s*(?:[,;]|$)/i.test(accept);
}

export function sendEnvelope(reply: FastifyReply, message: Message, readAt: number): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(messageJson(message, readAt)));
}

/** What others have published must not run in the name of the bridge: browsers get a sandbox, and no guess at the type. */
export function sendPayload(reply: FastifyReply, message: Message): FastifyReply {
  reply.header('content-security-policy', "sandbox; default-src 'none'");
  reply.header('mqtt-qos', message.qos).header('mqtt-retain', String(message.retain));
  addProperties(reply, message);
  return reply.send(Buffer.from(message.payload));
}

/** Texts of others are percent-encoded, so they cannot begin another header. */
function addProperties(reply: FastifyReply, { properties, userProperties }: Message): void {
  const { contentType, responseTopic, correlationData, payloadFormatIndicator, messageExpirySeconds } = properties;
  reply.header('content-type', isMediaType(contentType) ? contentType : 'application/octet-stream');
  if (responseTopic !== undefined) reply.header('mqtt-response-topic', encodeURIComponent(responseTopic));
  if (correlationData) reply.header('mqtt-correlation-data', Buffer.from(correlationData).toString('base64'));
  if (payloadFormatIndicator !== undefined) reply.header('mqtt-payload-format-indicator', payloadFormatIndicator);
  if (messageExpirySeconds !== undefined) reply.header('mqtt-message-expiry', messageExpirySeconds);
  const pairs = userProperties.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  if (pairs.length > 0) reply.header('mqtt-user-property', pairs);
}

function isMediaType(text: string | undefined): text is string {
  return text !== undefined && /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;\s*[\w-]+=[\w.+"-]+)*$/.test(text);
}
