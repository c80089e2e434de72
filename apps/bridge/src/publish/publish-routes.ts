/** POST, PUT and DELETE on a topic, and one message as an envelope. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addAllowance } from '../access/allowance-headers.ts';
import type { BridgeContext } from '../http/bridge-context.ts';
import { poolOf, topicOf } from '../http/request-target.ts';
import { parseEnvelope } from './envelope.ts';
import { preferencesOf, qosOf } from './header-parameters.ts';
import type { PublishCommand } from './publish-command.ts';
import { publishOnce } from './publish-once.ts';
import { checkCommand, type PublishResult, statusOf } from './publisher.ts';
import { envelopeSchema, topicSchemas } from './publish-schemas.ts';
import { partsOf, topicCommand } from './topic-command.ts';

/** Bodies are payloads here, whatever their media type. */
export function addTopicPublishing(server: FastifyInstance, context: BridgeContext): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { isV5 } = poolOf(request, context);
    return answer(topicCommand(request, isV5), { request, reply, context });
  };
  for (const [url, schemas] of [
    ['/topics/*', topicSchemas.inPath] as const,
    ['/topics', topicSchemas.inQuery] as const,
  ]) {
    for (const method of ['POST', 'PUT'] as const) server.route({ method, url, schema: schemas[method], handler });
    const schema = schemas.DELETE;
    server.route({ method: 'DELETE', url, schema, handler: (request, reply) => clear(request, reply, context) });
  }
}

/** Bodies are JSON here. */
export function addEnvelopePublishing(server: FastifyInstance, context: BridgeContext): void {
  server.post('/publish', { schema: envelopeSchema }, async (request, reply) => {
    const envelope = parseEnvelope(request.body);
    return answer(envelope, { request, reply, context }, envelope.idempotencyKey);
  });
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly context: BridgeContext;
}

async function answer(command: PublishCommand, exchange: Exchange, key?: string): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const result = await publishFor(command, exchange, key);
  addAllowance(request, reply);
  if (result.replayed === true) reply.header('idempotency-replayed', 'true');
  if (result.guarantee === 'persisted') {
    reply.header('location', `/v1/messages/${result.id}`).header('preference-applied', 'respond-async');
  }
  reply.header('mqtt-message-id', result.id).header('mqtt-reason-code', result.reasonCode);
  if (preferencesOf(partsOf(request)).isMinimal) {
    reply.header(
      'preference-applied',
      result.guarantee === 'persisted' ? 'respond-async, return=minimal' : 'return=minimal',
    );
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
  const { waitMs } = preferencesOf(partsOf(request));
  const command = { topic: topicOf(request), qos: qosOf(partsOf(request)), waitMs, ...nothing };
  const result = await publishFor(command, { request, reply, context });
  addAllowance(request, reply);
  return reply.code(204).header('mqtt-message-id', result.id).header('mqtt-reason-code', result.reasonCode).send();
}

async function publishFor(
  command: PublishCommand,
  { request, context }: Exchange,
  key?: string,
): Promise<PublishResult> {
  const pool = poolOf(request, context);
  const { principal, id } = request;
  checkCommand(command, request);
  principal.spend(1, command.payload.length);
  const header = request.headers['idempotency-key'];
  const givenKey = typeof header === 'string' ? header : key;
  const once = { context, pool, principal, id, key: givenKey };
  // What is on disk is sent with the credentials of the bridge, so it has to be the bridge's to send.
  const mayKeep = context.outbox.isEnabled && principal.pool === undefined;
  const isAsync = mayKeep && preferencesOf(partsOf(request)).isAsync;
  if (!isAsync) return publishOnce(command, once);
  const keep = (message: PublishCommand): Promise<PublishResult> => {
    return context.outbox.accept(message, { pool, id, owner: principal.id });
  };
  return publishOnce(command, { ...once, send: keep });
}
