/** A question over HTTP that somebody answers over MQTT. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Message } from 'omqtt';
import { addAllowance } from '../access/allowance-headers.ts';
import type { BridgeContext } from '../http/bridge-context.ts';
import { poolOf } from '../http/request-target.ts';
import { parseEnvelope } from '../publish/envelope.ts';
import { appliedWait, preferencesOf } from '../publish/header-parameters.ts';
import type { PublishCommand } from '../publish/publish-command.ts';
import { checkCommand } from '../publish/publisher.ts';
import { partsOf, topicCommand } from '../publish/topic-command.ts';
import { sendEnvelope, sendPayload, wantsEnvelope } from '../read/message-representation.ts';
import { envelopeRequestSchema, topicRequestSchema } from './request-schemas.ts';

/** The body is the payload of the request. */
export function addTopicRequests(server: FastifyInstance, context: BridgeContext): void {
  server.post('/requests/*', { schema: topicRequestSchema }, async (request, reply) => {
    const { isV5 } = poolOf(request, context);
    return ask(topicCommand(request, isV5), { request, reply, context });
  });
}

/** The request is an envelope. */
export function addEnvelopeRequests(server: FastifyInstance, context: BridgeContext): void {
  server.post('/requests', { schema: envelopeRequestSchema }, async (request, reply) => {
    const envelope = parseEnvelope(request.body);
    const waitMs = envelope.waitMs ?? preferencesOf(partsOf(request)).waitMs;
    return ask({ ...envelope, waitMs }, { request, reply, context });
  });
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly context: BridgeContext;
}

async function ask(command: PublishCommand, { request, reply, context }: Exchange): Promise<FastifyReply> {
  const { config, desks } = context;
  const pool = poolOf(request, context);
  request.principal.checkRequest(command.topic);
  checkCommand(command, request);
  request.principal.spend(1, command.payload.length);
  addAllowance(request, reply);
  const [applied] = appliedWait(preferencesOf(partsOf(request)), config.requests.maximumTimeoutMs);
  if (applied !== undefined) reply.header('preference-applied', applied);
  const gone = new AbortController();
  // Answered or not: after the answer nobody listens to it any more.
  reply.raw.once('close', () => gone.abort());
  const answering = desks.of(pool).ask(command, {
    timeoutMs: Math.max(1, Math.min(command.waitMs ?? config.requests.timeoutMs, config.requests.maximumTimeoutMs)),
    ackTimeoutMs: config.publish.ackTimeoutMs,
    signal: gone.signal,
  });
  const answer = await context.metrics.timeRequest(answering);
  reply.code(statusOf(answer)).header('mqtt-topic', encodeURIComponent(answer.topic));
  const { accept } = request.headers;
  return wantsEnvelope(accept) ? sendEnvelope(reply, answer, Date.now()) : sendPayload(reply, answer);
}

/** Who answers may say how, with a user property. */
function statusOf({ userProperties }: Message): number {
  const asked = userProperties.find(([name]) => name === 'http-status')?.[1] ?? '';
  return /^[2-5]\d\d$/.test(asked) ? Number(asked) : 200;
}
