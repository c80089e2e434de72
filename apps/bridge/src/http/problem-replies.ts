/** Whatever a request throws becomes a problem that tells the caller what to do. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addAllowance } from '../access/allowance-headers.ts';
import type { BridgeContext } from './bridge-context.ts';
import { BridgeProblem, PROBLEM_MEDIA_TYPE, problemBody, problemHeaders } from '../problems/problem.ts';
import type { ProblemCode } from '../problems/problem-kinds.ts';
import { traceIdOf } from '../publish/header-parameters.ts';

export function addProblemReplies(server: FastifyInstance, context: BridgeContext): void {
  const { bodyLimitBytes } = context.config.http;
  server.setErrorHandler((error, request, reply) => {
    return sendProblem(problemOf(error, bodyLimitBytes), request, { reply, context });
  });
  server.setNotFoundHandler((request, reply) => {
    const detail = `there is no ${request.method} ${request.url.split('?', 1)[0]?.slice(0, 200) ?? ''}`;
    sendProblem(new BridgeProblem('not-found', detail), request, { reply, context });
    context.metrics.countUnknown(request, reply);
    return reply;
  });
}

export interface Reporting {
  readonly reply: FastifyReply;
  readonly context: BridgeContext;
}

export function sendProblem(
  problem: BridgeProblem,
  request: FastifyRequest,
  { reply, context }: Reporting,
): FastifyReply {
  context.metrics.countProblem(problem);
  if (problem.code === 'internal-error') {
    context.logger.error('a request has failed', { request: request.id, error: problem.cause });
  }
  addAllowance(request, reply);
  const traceId = traceIdOf(request.headers);
  const body = { ...problemBody(problem, request.id), ...(traceId !== undefined && { traceId }) };
  return reply
    .code(problem.status)
    .headers({ ...commonHeaders, 'x-request-id': request.id, ...problemHeaders(problem) })
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(body));
}

/** Of every answer; what cannot be routed passes no hook that would add them. */
const commonHeaders = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' } as const;

/** By the code of Fastify's errors. */
const frameworkCodes: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media-type-unsupported',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'body-invalid',
  FST_ERR_CTP_INVALID_JSON_BODY: 'body-invalid',
  FST_ERR_BAD_URL: 'topic-invalid',
};

/** `bodyLimitBytes`: for whoever has sent more. */
export function problemOf(error: unknown, bodyLimitBytes?: number): BridgeProblem {
  if (error instanceof BridgeProblem) return error;
  const { code = '', statusCode = 500, message = '' } = (error ?? {}) as Partial<FastifyError>;
  const known = frameworkCodes[code];
  if (known === 'payload-too-large' && bodyLimitBytes !== undefined) {
    return new BridgeProblem(known, { detail: message, extra: { maximumPayloadBytes: bodyLimitBytes } });
  }
  if (known !== undefined) return new BridgeProblem(known, message);
  if (error instanceof SyntaxError) return new BridgeProblem('body-invalid', message);
  // Something about the request that Fastify or Node has found.
  if (statusCode >= 400 && statusCode < 500) return new BridgeProblem('request-invalid', message);
  return new BridgeProblem('internal-error', { detail: 'the bridge has failed; its log says why', cause: error });
}
