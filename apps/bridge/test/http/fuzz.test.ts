import { request } from 'node:http';
import { array, assert, asyncProperty, constantFrom, dictionary, oneof, record, string, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { withBroker } from '../with-broker.ts';

const word = string({ maxLength: 12 });
const paths = constantFrom(
  '/v1/topics/',
  '/v1/topics',
  '/v1/retained',
  '/v1/publish',
  '/v1/publish/batch',
  '/v1/publish/stream',
  '/v1/requests/',
  '/v1/requests',
  '/v1/messages/',
  '/v1/brokers',
  '/v1/brokers/default/topics/',
  '/v1/whoami',
  '/v1/events',
  '/v1/ws',
  '/v1/tickets',
  '/',
);
const tails = oneof(
  word.map(encodeURIComponent),
  constantFrom('', '%', '%ff', '%00', '%2F', 'a', '../..', '?', '?filter=a&filter=%00'),
);
const queries = dictionary(
  oneof(
    constantFrom(
      'qos',
      'retain',
      'pfi',
      'expiry',
      'wait',
      'topic',
      'filter',
      'limit',
      'cursor',
      'mode',
      'name',
      'since',
    ),
    constantFrom('maxAge', 'maxRate', 'noLocal', 'overflow', 'snapshot', 'format', 'ticket'),
  ),
  word,
);
const types = constantFrom(
  'application/json',
  'application/x-ndjson',
  'text/plain',
  'application/x-www-form-urlencoded',
  'x',
  '',
);
const names = constantFrom(
  'mqtt-qos',
  'mqtt-retain',
  'mqtt-user-property',
  'mqtt-user-properties',
  'mqtt-correlation-data',
  'mqtt-response-topic',
  'prefer',
  'idempotency-key',
  'last-event-id',
  'if-none-match',
  'content-encoding',
  'accept',
  'traceparent',
  'authorization',
);
const printable = string({ unit: 'grapheme-ascii', maxLength: 20 });
const json = oneof(
  constantFrom(
    'null',
    '[]',
    '{}',
    '1',
    '{"messages":[null]}',
    '{"__proto__":1}',
    '{"topic":"a","properties":[]}',
    '{"messages":{}}',
    '{',
  ),
  record({ topic: oneof(word, constantFrom('a')), payload: word, qos: constantFrom(0, 1, 2, 3, 'x') }).map((value) =>
    JSON.stringify(value),
  ),
);

const requests = record({
  method: constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'QUERY'),
  path: paths,
  tail: tails,
  query: queries,
  type: types,
  headers: array(record({ name: names, value: printable }), { maxLength: 3 }),
  body: oneof(
    json.map((text) => Buffer.from(text)),
    uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  ),
});

test('whatever a caller sends, every route answers, and none with a failure of its own', async () => {
  const { bridge } = await withBroker({
    retained: { waitMs: 1, maximumWaitMs: 20 },
    requests: { timeoutMs: 20, maximumTimeoutMs: 20 },
    publish: { maximumAckTimeoutMs: 1000 },
  });
  await assert(
    asyncProperty(requests, async ({ method, path, tail, query, type, headers, body }) => {
      const search = new URLSearchParams(query).toString();
      const own = Object.fromEntries(headers.map(({ name, value }) => [name, value.replaceAll(/[^\x20-\x7e]/g, '')]));
      const status = await new Promise<number>((resolve, reject) => {
        const url = `${bridge.url}${path}${tail}${search === '' ? '' : `?${search}`}`;
        const options = { method, headers: { ...own, 'content-type': type, connection: 'close' } };
        const sent = request(url, options, (response) => {
          resolve(response.statusCode ?? 0);
          response.destroy();
        });
        sent.on('error', reject);
        sent.end(method === 'GET' || method === 'HEAD' ? undefined : body);
      });
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).not.toBe(500);
    }),
    { numRuns: 300 },
  );
  // And it goes on as before.
  expect((await bridge.call('POST', '/v1/topics/a', { body: 'x' })).status).toBe(200);
}, 30_000);
