/** A message whose topic is in the path, whose payload is the body, and whose parameters are in headers and query. */
import type { FastifyRequest } from 'fastify';
import { topicOf } from '../http/request-target.ts';
import { preferencesOf, propertiesOf, qosOf, type RequestParts, retainOf } from './header-parameters.ts';
import type { PublishCommand } from './publish-command.ts';

export function topicCommand(request: FastifyRequest, isV5: boolean): PublishCommand {
  const given = partsOf(request);
  return {
    topic: topicOf(request),
    payload: (request.body as Buffer | undefined) ?? NOTHING,
    qos: qosOf(given),
    retain: retainOf(given) || request.method === 'PUT',
    properties: propertiesOf(given, isV5),
    waitMs: preferencesOf(given).waitMs,
  };
}

const NOTHING = new Uint8Array(0);

export function partsOf({ headers, raw, query }: FastifyRequest): RequestParts {
  return { headers, rawHeaders: raw.rawHeaders, query };
}
