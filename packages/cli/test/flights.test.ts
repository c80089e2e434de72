import type { Client, MqttError, PublishCallback, PublishOptions, PublishReceipt } from 'omqtt';
import { expect, test } from 'vitest';
import { Flights } from '../src/bench/flights.ts';
import { type PayloadHeader, readHeader } from '../src/bench/payload-header.ts';

type PublishCall = readonly [topic: string, payload: Uint8Array, options: PublishOptions, callback?: PublishCallback];

interface Sent {
  readonly payload: Uint8Array;
  readonly header: PayloadHeader | undefined;
  readonly answer: () => void;
  readonly fail: () => void;
}

interface Told {
  readonly count: number;
  readonly tookMs: number;
}

function flightsOf(qos: 0 | 1): { flights: Flights; sent: Sent[]; told: Told[]; failures: unknown[] } {
  const [sent, told, failures]: [Sent[], Told[], unknown[]] = [[], [], []];
  // As the client does: whoever gives no callback gets a promise.
  const publish = (...[, payload, , callback]: PublishCall): Promise<PublishReceipt> | undefined => {
    const receipt = { qos, reasonCode: 0, hadSubscribers: true, userProperties: [] };
    const refusal = new Error('refused') as MqttError;
    const settleBy = (resolve: (receipt: PublishReceipt) => void, reject: (error: MqttError) => void): void => {
      const [answer, fail] = [() => resolve(receipt), () => reject(refusal)];
      sent.push({ payload, header: readHeader(payload), answer, fail });
    };
    if (callback === undefined) return new Promise(settleBy);
    settleBy(
      () => callback(undefined, receipt),
      () => callback(refusal, undefined),
    );
    return undefined;
  };
  const flights = new Flights({
    client: { publish: publish as Client['publish'] },
    publisher: 3,
    topic: 't',
    qos,
    bytes: 30,
    onAnswered: (count, tookMs) => told.push({ count, tookMs }),
    onFailed: (error) => failures.push(error),
  });
  return { flights, sent, told, failures };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** How many pieces of memory the payloads have been in. */
function piecesOf(sent: readonly Sent[]): number {
  return new Set(sent.map(({ payload }) => payload.byteOffset)).size;
}

test('each payload says who sent it, its number, and when', () => {
  const { flights, sent } = flightsOf(1);
  const before = performance.timeOrigin + performance.now();
  flights.send(40, 2);
  expect(sent.map(({ header }) => header)).toMatchObject([
    { publisher: 3, number: 40 },
    { publisher: 3, number: 41 },
  ]);
  expect(sent[0]?.header?.at).toBeGreaterThanOrEqual(before);
  expect(sent.map(({ payload }) => payload.length)).toEqual([30, 30]);
});

test('bytes are used again when all that left together are answered, and not before', async () => {
  const { flights, sent } = flightsOf(1);
  flights.send(0, 2);
  sent[1]?.answer();
  await nextTurn();
  flights.send(2, 2);
  expect(piecesOf(sent)).toBe(4);
  expect(sent.map(({ payload }) => readHeader(payload)?.number)).toEqual([0, 1, 2, 3]);
  sent[0]?.answer();
  await nextTurn();
  flights.send(4, 2);
  expect(piecesOf(sent)).toBe(4);
  expect(sent.map(({ payload }) => readHeader(payload)?.number)).toEqual([4, 5, 2, 3, 4, 5]);
});

test('fewer or more may leave with the bytes of others', async () => {
  const { flights, sent } = flightsOf(1);
  for (const [first, count] of [
    [0, 4],
    [4, 1],
    [5, 6],
  ] as const) {
    flights.send(first, count);
    for (const { answer } of sent) answer();
    await nextTurn();
  }
  expect(sent.map(({ header }) => header?.number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('bytes of what failed, which the client may still have, are never used again', async () => {
  const { flights, sent, failures } = flightsOf(1);
  flights.send(0, 2);
  sent[0]?.answer();
  sent[1]?.fail();
  await nextTurn();
  flights.send(2, 2);
  expect(failures).toEqual([new Error('refused')]);
  expect(piecesOf(sent)).toBe(4);
});

test('at QoS 0 bytes are never used again', async () => {
  const { flights, sent } = flightsOf(0);
  flights.send(0, 1);
  sent[0]?.answer();
  await nextTurn();
  flights.send(1, 1);
  expect(piecesOf(sent)).toBe(2);
});

test('answers are told once, in the turn in which they come, with the time since their own start', async () => {
  const { flights, sent, told } = flightsOf(1);
  flights.send(0, 3);
  const until = performance.now() + 3;
  while (performance.now() < until);
  flights.send(3, 1);
  // In another order than they left, and one of them in another turn.
  for (const index of [3, 2, 0]) sent[index]?.answer();
  await nextTurn();
  expect(told.map(({ count }) => count)).toEqual([1, 2]);
  expect((told[1]?.tookMs ?? 0) - (told[0]?.tookMs ?? 0)).toBeGreaterThanOrEqual(2);
  sent[1]?.answer();
  await nextTurn();
  expect(told.map(({ count }) => count)).toEqual([1, 2, 1]);
});
