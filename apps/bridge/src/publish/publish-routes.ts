/** POST, PUT and DELETE on a topic, and one message as an envelope. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BridgeContext } from '../http/bridge-context.ts';
import { brokerNameOf, topicOf } from '../http/request-target.ts';
import { parseEnvelope } from './envelope.ts';
import { preferencesOf, propertiesOf, qosOf, retainOf } from './header-parameters.ts';
import type { PublishCommand } from './publish-command.ts';
import { publish, type PublishResult, statusOf } from './publisher.ts';

/** Bodies are payloads here, whatever their media type. */
export function addTopicPublishing(server: FastifyInstance, context: BridgeContext): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { isV5 } = context.brokers.find(brokerNameOf(request));
    return answer(topicCommand(request, isV5), { request, reply, context });
  };
  for (const url of ['/topics/*', '/topics']) {
    server.route({ method: ['POST', 'PUT'], url, handler });
    server.route({ method: 'DELETE', url, handler: (request, reply) => clear(request, reply, context) });
  }
}

/** Bodies are JSON here. */
export function addEnvelopePublishing(server: FastifyInstance, context: BridgeContext): void {
  server.post('/publish', (request, reply) => answer(parseEnvelope(request.body), { request, reply, context }));
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly context: BridgeContext;
}

async function answer(command: PublishCommand, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const result = await publishFor(command, exchange);
  reply.header('mqtt-message-id', result.id).header('mqtt-reason-code', result.reasonCode);
  if (preferencesOf(parts(request)).isMinimal) {
    reply.header('preference-applied', 'return=minimal');
    return reply.code(result.guarantee === 'broker-ack' ? 204 : 202).send();
  }
  return reply
    .code(statusOf(result))
    .header('server-timing', `ack;dur=${result.ackMs}`)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(result));
}

/** An empty retained message is how MQTT forgets one. */
async function clear(request: FastifyRequest, reply: FastifyReply, context: BridgeContext): Promise<FastifyReply> {
  const nothing = { payload: new Uint8Array(0), retain: true, properties: undefined } as const;
  const { waitMs } = preferencesOf(parts(request));
  const command = { topic: topicOf(request), qos: qosOf(parts(request)), waitMs, ...nothing };
  const result = await publishFor(command, { request, reply, context });
  return reply.code(204).header('mqtt-message-id', result.id).header('mqtt-reason-code', result.reasonCode).send();
}

function publishFor(command: PublishCommand, { request, context }: Exchange): Promise<PublishResult> {
  const pool = context.brokers.find(brokerNameOf(request));
  const { principal, id } = request;
  return publish(command, { pool, principal, id, config: context.config.publish });
}

function topicCommand(request: FastifyRequest, isV5: boolean): PublishCommand {
  const given = parts(request);
  const isPut = request.method === 'PUT';
  return {
    topic: topicOf(request),
    payload: (request.body as Buffer | undefined) ?? new Uint8Array(0),
    qos: qosOf(given),
    retain: retainOf(given) || isPut,
    properties: propertiesOf(given, isV5),
    waitMs: preferencesOf(given).waitMs,
  };
}

function parts({ headers, raw, query }: FastifyRequest): {
  headers: FastifyRequest['headers'];
  rawHeaders: string[];
  query: unknown;
} {
  return { headers, rawHeaders: raw.rawHeaders, query };
}
