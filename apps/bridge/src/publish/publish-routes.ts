/** POST, PUT and DELETE on a topic, and one message as an envelope. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addAllowance } from '../access/allowance-headers.ts';
import type { BridgeContext } from '../http/bridge-context.ts';
import { poolOf, topicOf } from '../http/request-target.ts';
import { BridgeProblem } from '../problems/problem.ts';
import { parseEnvelope } from './envelope.ts';
import { appliedWait, type Preferences, preferencesOf, qosOf } from './header-parameters.ts';
import type { PublishCommand } from './publish-command.ts';
import { publishOnce } from './publish-once.ts';
import { checkCommand, type PublishResult, sendChecked, statusOf } from './publisher.ts';
import { envelopeSchema, topicSchemas } from './publish-schemas.ts';
import { resultText } from './result-text.ts';
import { partsOf, topicCommand } from './topic-command.ts';

/** Bodies are payloads here, whatever their media type. */
export function addTopicPublishing(server: FastifyInstance, context: BridgeContext): void {
  const handler = (request: FastifyRequest, reply: FastifyReply): void => {
    const { isV5 } = poolOf(request, context);
    answer(topicCommand(request, isV5), { request, reply, context });
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
  server.post('/publish', { schema: envelopeSchema }, (request, reply) => {
    const envelope = parseEnvelope(request.body);
    const waitMs = envelope.waitMs ?? preferencesOf(partsOf(request)).waitMs;
    const command = waitMs === envelope.waitMs ? envelope : { ...envelope, waitMs };
    answer(command, { request, reply, context }, envelope.idempotencyKey);
  });
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly context: BridgeContext;
}

/** Throws what is wrong at once; what becomes of the message is answered when it is known, and costs no promise here. */
function answer(command: PublishCommand, exchange: Exchange, key?: string): void {
  const { reply } = exchange;
  publishFor(command, exchange, {
    key,
    accepted: (result) => {
      try {
        sendResult(result, exchange);
      } catch (error) {
        reply.send(error);
      }
    },
    failed: (problem) => void reply.send(problem),
  });
}

function sendResult(result: PublishResult, { request, reply, context }: Exchange): void {
  const isPersisted = result.guarantee === 'persisted';
  const preferences = preferencesOf(partsOf(request));
  addAllowance(request, reply);
  addApplied(preferences, reply, isPersisted ? undefined : context.config.publish.maximumAckTimeoutMs);
  if (result.replayed === true) reply.header('idempotency-replayed', 'true');
  if (isPersisted) reply.header('location', `/v1/messages/${result.id}`);
  reply.header('mqtt-message-id', result.id).header('mqtt-reason-code', result.reasonCode);
  if (preferences.isMinimal) {
    reply.code(result.guarantee === 'broker-ack' ? 204 : 202).send();
    return;
  }
  reply
    .code(statusOf(result))
    .header('server-timing', `ack;dur=${result.ackMs}`)
    .header('content-type', 'application/json; charset=utf-8')
    .send(resultText(result));
}

/** `maximumWaitMs`: undefined where the message was kept, and nothing waited for. */
function addApplied(preferences: Preferences, reply: FastifyReply, maximumWaitMs: number | undefined): void {
  const { isMinimal, preferredWait } = preferences;
  if (!isMinimal && preferredWait === undefined && maximumWaitMs !== undefined) return;
  const applied = [
    ...(maximumWaitMs === undefined ? ['respond-async'] : []),
    ...(isMinimal ? ['return=minimal'] : []),
    ...(maximumWaitMs === undefined ? [] : appliedWait(preferences, maximumWaitMs)),
  ];
  if (applied.length > 0) reply.header('preference-applied', applied.join(', '));
}

/** An empty retained message is how MQTT forgets one. */
function clear(request: FastifyRequest, reply: FastifyReply, context: BridgeContext): void {
  const nothing = { payload: new Uint8Array(0), retain: true, properties: undefined } as const;
  const preferences = preferencesOf(partsOf(request));
  const { waitMs } = preferences;
  const command = { topic: topicOf(request), qos: qosOf(partsOf(request)), waitMs, ...nothing };
  const exchange = { request, reply, context };
  publishFor(command, exchange, {
    key: undefined,
    accepted: ({ id, reasonCode }) => {
      addAllowance(request, reply);
      // There is no body anyway.
      const applied = { ...preferences, isMinimal: false };
      addApplied(applied, reply, context.config.publish.maximumAckTimeoutMs);
      reply.code(204).header('mqtt-message-id', id).header('mqtt-reason-code', reasonCode).send();
    },
    failed: (problem) => void reply.send(problem),
  });
}

interface Wish {
  /** Of idempotency, in an envelope. */
  readonly key: string | undefined;
  accepted(result: PublishResult): void;
  failed(problem: unknown): void;
}

function publishFor(command: PublishCommand, { request, context }: Exchange, wish: Wish): void {
  const pool = poolOf(request, context);
  const { principal, id } = request;
  const key = keyOf(request, wish.key);
  checkCommand(command, request);
  principal.spend(1, command.payload.length);
  // What is on disk is sent with the credentials of the bridge, so it has to be the bridge's to send.
  const mayKeep = context.outbox.isEnabled && principal.pool === undefined;
  const isAsync = mayKeep && preferencesOf(partsOf(request)).isAsync;
  if (key === undefined && !isAsync) {
    sendChecked(command, { pool, config: context.config.publish, id }, wish);
    return;
  }
  const once = { context, pool, principal, id, key };
  const keep = (message: PublishCommand): Promise<PublishResult> => {
    return context.outbox.accept(message, { pool, id, owner: principal.id });
  };
  publishOnce(command, isAsync ? { ...once, send: keep } : once).then(
    (result) => wish.accepted(result),
    (error: unknown) => wish.failed(error),
  );
}

/** Of idempotency, which stands in one place. */
function keyOf({ headers }: FastifyRequest, inEnvelope: string | undefined): string | undefined {
  const header = headers['idempotency-key'];
  if (typeof header !== 'string') return inEnvelope;
  if (inEnvelope === undefined || inEnvelope === header) return header;
  const detail = 'header and envelope have different idempotency keys: send one of them';
  throw new BridgeProblem('parameter-conflict', detail);
}
