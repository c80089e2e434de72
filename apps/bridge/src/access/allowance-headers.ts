/** Tells a caller with limits what is left. */
import type { FastifyReply, FastifyRequest } from 'fastify';

/** `request`: who asks may not be known yet. */
export function addAllowance(request: Partial<Pick<FastifyRequest, 'principal'>>, reply: FastifyReply): void {
  const allowance = request.principal?.allowance;
  if (allowance?.isLimited === true) {
    reply.header('ratelimit-policy', allowance.policy).header('ratelimit', allowance.state());
  }
}
