import { describe, expect, test } from 'vitest';
import type { Answer, TestBridge } from '../a-bridge.ts';
import { withBroker } from '../with-broker.ts';

function batch(bridge: TestBridge, body: object): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  return bridge.call('POST', '/v1/publish/batch', { body: JSON.stringify(body), headers });
}

describe('a batch', () => {
  test('of good messages is 200, with the results in order', async () => {
    const { bridge, client } = await withBroker();
    const all = client.subscribe('#', { qos: 1 });
    await all.ready;
    const messages = Array.from({ length: 300 }, (_, number) => ({ topic: `a/${number}`, payloadJson: number }));
    const answer = await batch(bridge, { messages });
    expect([answer.status, answer.body['accepted'], answer.body['failed']]).toEqual([200, 300, 0]);
    const results = answer.body['results'] as { index: number; status: number }[];
    expect(results.map(({ index }) => index)).toEqual(messages.map((_, index) => index));
    const seen = new Set<string>();
    for (let count = 0; count < 300; count += 1) seen.add((await all.next({ timeoutMs: 3000 })).topic);
    expect(seen.size).toBe(300);
  });

  test('has the same facts of each message as one alone, and only those of the batch', async () => {
    const { bridge } = await withBroker();
    const messages = [{ topic: 'a' }, { topic: 'a', qos: 0 }, { topic: 'a', idempotencyKey: 'k' }];
    await batch(bridge, { messages: messages.slice(2) });
    const answer = await batch(bridge, { messages });
    const id = expect.stringMatching(/^[\da-f-]{36}$/) as string;
    const acknowledged = { status: 200, id, reasonCode: 0x10, guarantee: 'broker-ack', matchingSubscribers: false };
    expect(answer.body).toEqual({
      accepted: 3,
      failed: 0,
      results: [
        { index: 0, ...acknowledged },
        { index: 1, status: 202, id, reasonCode: 0, guarantee: 'transport', matchingSubscribers: null },
        { index: 2, ...acknowledged, replayed: true },
      ],
    });
  });

  test('with a bad one is 207, and the others are sent', async () => {
    const { bridge, client } = await withBroker();
    const all = client.subscribe('#');
    await all.ready;
    const answer = await batch(bridge, { messages: [{ topic: 'a' }, { topic: 'a/#' }, { topic: 'b', qos: 9 }] });
    expect([answer.status, answer.body['accepted'], answer.body['failed']]).toEqual([207, 1, 2]);
    expect(answer.body['results']).toMatchObject([
      { index: 0, status: 200, reasonCode: 0 },
      { index: 1, status: 400, problem: { code: 'topic-invalid', outcome: 'not-sent' } },
      { index: 2, status: 400, problem: { errors: [{ pointer: '/messages/2/qos' }] } },
    ]);
    expect((await all.next({ timeoutMs: 3000 })).topic).toBe('a');
  });

  test('of all or nothing sends nothing when one is bad', async () => {
    const { bridge, broker } = await withBroker();
    const before = broker.counters.publishReceived;
    const answer = await batch(bridge, { mode: 'all-or-nothing', messages: [{ topic: 'a' }, { topic: '' }] });
    expect([answer.status, answer.body['code']]).toEqual([400, 'body-invalid']);
    expect(answer.body['errors']).toMatchObject([{ pointer: '/messages/1' }]);
    expect(broker.counters.publishReceived).toBe(before);
  });

  test('that is none is refused, and an empty one is not', async () => {
    const { bridge } = await withBroker({ publish: { maximumBatch: 2 } });
    for (const body of [{}, { messages: 'x' }, { messages: [1, 2, 3] }, { mode: 'x', messages: [] }]) {
      expect((await batch(bridge, body)).status).toBe(400);
    }
    expect((await batch(bridge, { messages: [] })).body).toEqual({ accepted: 0, failed: 0, results: [] });
    expect((await batch(bridge, { messages: [null, 7] })).status).toBe(207);
  });
});

function stream(bridge: TestBridge, lines: readonly string[], headers: Record<string, string> = {}): Promise<Answer> {
  const init = { body: lines.join('\n'), headers: { 'content-type': 'application/x-ndjson', ...headers } };
  return bridge.call('POST', '/v1/publish/stream', init);
}

function linesOf({ text }: Answer): readonly Record<string, unknown>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a stream of messages', () => {
  test('is answered with what failed, and a summary', async () => {
    const { bridge } = await withBroker();
    const answer = await stream(bridge, ['{"topic":"a"}', 'nonsense', '', '{"topic":"+"}', '{"topic":"b"}']);
    expect(answer.status).toBe(200);
    const receipts = linesOf(answer);
    expect(receipts.slice(0, -1).map((receipt) => [receipt['line'], receipt['status']])).toEqual([
      [2, 400],
      [3, 400],
    ]);
    expect(receipts.at(-1)).toEqual({ summary: true, received: 4, accepted: 2, failed: 2 });
  });

  test('is answered for each message to who prefers it so', async () => {
    const { bridge } = await withBroker();
    const receipts = linesOf(await stream(bridge, ['{"topic":"a"}', '{"topic":"b"}'], { prefer: 'receipts=all' }));
    expect(receipts.map(({ line, status }) => [line, status])).toEqual([
      [1, 200],
      [2, 200],
      [undefined, undefined],
    ]);
  });

  test('longer than its window arrives whole', async () => {
    const { bridge, broker } = await withBroker({ publish: { maximumBatch: 10 } });
    const before = broker.counters.publishReceived;
    const receipts = linesOf(
      await stream(
        bridge,
        Array.from({ length: 500 }, (_, number) => `{"topic":"a/${number}"}`),
      ),
    );
    expect(receipts).toEqual([{ summary: true, received: 500, accepted: 500, failed: 0 }]);
    expect(broker.counters.publishReceived - before).toBe(500);
  });

  test('ends with its summary after a line that is too long', async () => {
    const { bridge } = await withBroker({ http: { bodyLimitBytes: 1000 } });
    const receipts = linesOf(await stream(bridge, ['{"topic":"a"}', 'x'.repeat(100_000)]));
    expect(receipts.at(-1)).toMatchObject({ summary: true, accepted: 1, failed: 1 });
  });

  test('of another media type is refused', async () => {
    const { bridge } = await withBroker();
    expect((await stream(bridge, ['{}'], { 'content-type': 'application/json' })).status).toBe(415);
  });
});
