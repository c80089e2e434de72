/** What the routes about caller and brokers say about themselves. */
import type { FastifySchema } from 'fastify';
import { json, ref } from '../openapi/route-schema.ts';

export const whoamiSchema: FastifySchema = {
  operationId: 'whoami',
  summary: 'Who the caller is, and what they may',
  tags: ['about'],
  response: { 200: { description: 'The caller.', content: json(ref('Who')) } },
  examples: [
    {
      name: 'anonymous',
      status: 200,
      answer: {
        id: 'anonymous',
        rules: [
          {
            effect: 'allow',
            actions: ['publish', 'subscribe', 'read', 'request'],
            filters: ['#'],
            qosMax: 2,
            retain: true,
          },
        ],
        expiresAt: null,
      },
    },
  ],
};

export const brokersSchema: FastifySchema = {
  operationId: 'brokers',
  summary: 'The brokers, and what they can',
  tags: ['about'],
  response: { 200: { description: 'In the order of the configuration.', content: json(ref('Brokers')) } },
  examples: [
    {
      name: 'one',
      status: 200,
      answer: {
        brokers: [
          {
            name: 'default',
            connected: true,
            version: '5.0',
            capabilities: {
              maximumQoS: 2,
              retainAvailable: true,
              receiveMaximum: 65_535,
              maximumPacketBytes: 16_777_216,
              wildcardSubscriptionAvailable: true,
              sharedSubscriptionAvailable: true,
            },
          },
        ],
      },
    },
  ],
};
