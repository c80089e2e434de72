import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawRow } from './page/main.ts';
import { chromiumPeer, openTab, servePage, type Inside, type ServedPage } from './served-page.ts';

interface Damage {
  readonly what: string;
  readonly row: RawRow;
  /** What the error names. */
  readonly names: string;
}

const plain = { filter: 'a/#', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 };
const message = { sequence: 2, stage: 'waiting', topic: 'a', payload: new Uint8Array(1), qos: 1, retain: false };

const foundAtOpen: readonly Damage[] = [
  { what: 'a stage that is nothing', row: stage(1, null), names: 'the stage of message 1' },
  { what: 'a stage that no version knows', row: stage(1, { sequence: 1, stage: 'lost' }), names: 'message 1' },
  { what: 'a packet id of 0', row: stage(1, { sequence: 1, stage: 'sent', packetId: 0 }), names: 'message 1' },
  { what: 'the stage of another message', row: stage(1, { sequence: 2, stage: 'released' }), names: 'message 1' },
  { what: 'a stage without its message', row: stage(7, { sequence: 7, stage: 'waiting' }), names: 'message 7' },
  {
    what: 'an inbound id above 65535',
    row: { store: 'inbound', key: ['lamp', 65_536], value: true },
    names: 'inbound',
  },
  { what: 'a subscription that is a text', row: subscription('a/#'), names: 'the subscription "a/#"' },
  { what: 'a subscription with QoS 3', row: subscription({ ...plain, qos: 3 }), names: '"a/#"' },
  { what: 'a subscription to another filter', row: subscription({ ...plain, filter: 'b' }), names: '"a/#"' },
  { what: 'a subscription without a flag', row: subscription({ ...plain, noLocal: null }), names: '"a/#"' },
  { what: 'a record that is a number', row: record(2), names: 'the record of the session' },
  { what: 'a record without its sequence', row: record({ aliveAt: 1 }), names: 'the record of the session' },
  { what: 'a record with a sequence below a message', row: record({ highest: 1 }), names: 'message 2' },
  { what: 'a record whose times are no numbers', row: record({ highest: 2, aliveAt: 'now' }), names: 'the record' },
  { what: 'a record that is gone', row: { store: 'sessions', key: ['lamp'] }, names: 'message 1' },
  { what: 'a message without a number', row: { store: 'messages', key: ['lamp', 'x', 1], value: 1 }, names: 'the key' },
  {
    what: 'a message that is there twice',
    row: { store: 'messages', key: ['lamp', 2, 9], value: 1 },
    names: 'message 2',
  },
];

const foundWhenRead: readonly Damage[] = [
  { what: 'a message that is nothing', row: stored(null), names: 'message 2' },
  { what: 'another number', row: stored({ ...message, sequence: 1 }), names: 'message 2' },
  { what: 'a payload of another size', row: stored({ ...message, payload: new Uint8Array(2) }), names: 'message 2' },
  { what: 'a payload that is a text', row: stored({ ...message, payload: 'a' }), names: 'message 2' },
  { what: 'no topic', row: stored({ ...message, topic: null }), names: 'message 2' },
  { what: 'QoS 3', row: stored({ ...message, qos: 3 }), names: 'message 2' },
  {
    what: 'properties of another kind',
    row: stored({ ...message, properties: { contentType: 1 } }),
    names: 'message 2',
  },
  { what: 'an expiry that is a text', row: stored({ ...message, expiresAt: 'soon' }), names: 'message 2' },
  { what: 'no packet id though it was sent', row: stored({ ...message, stage: 'sent' }), names: 'message 2' },
  { what: 'a stage that is damaged meanwhile', row: stage(1, { sequence: 1, stage: 9 }), names: 'message 1' },
];

function stage(sequence: number, value: unknown): RawRow {
  return { store: 'stages', key: ['lamp', sequence], value };
}

function subscription(value: unknown): RawRow {
  return { store: 'subscriptions', key: ['lamp', 'a/#'], value };
}

function record(value: unknown): RawRow {
  return { store: 'sessions', key: ['lamp'], value };
}

function stored(value: unknown): RawRow {
  return { store: 'messages', key: ['lamp', 2, 1], value };
}

describe.skipIf(chromiumPeer.isMissing)('the IndexedDB store reports, and leaves as it is,', () => {
  let served: ServedPage;
  let tab: Page;
  beforeAll(async () => {
    served = await servePage();
    tab = await openTab(served);
  }, 60_000);
  afterAll(() => served.close(), 30_000);

  const expected = { code: 'store-corrupt', reason: 'damaged', retryable: false };

  test.each(foundAtOpen)('when it opens: $what', async ({ what, row, names }) => {
    const { before, failure, after, held, other } = await tab.evaluate(openDamaged, { name: what, row });
    expect(failure).toMatchObject(expected);
    expect(failure?.message).toContain(names);
    expect(after).toEqual(before);
    // The damage of one session keeps nobody from another.
    expect({ held, other }).toEqual({ held: 0, other: 1 });
  });

  test.each(foundWhenRead)('when it reads: a message with $what', async ({ what, row, names }) => {
    const { before, failure, after } = await tab.evaluate(readDamaged, { name: what, row });
    expect(failure).toMatchObject(expected);
    expect(failure?.message).toContain(names);
    expect(after).toEqual(before);
  });

  test('nothing that the store itself has written', async () => {
    const failure = await tab.evaluate(async () => {
      const { failureOf, indexedDbStore, keepSession } = (globalThis as Inside).storePage;
      await keepSession('sound');
      const store = indexedDbStore('sound');
      return failureOf(async () => (await store.open('lamp')).read(0, 10));
    });
    expect(failure).toBeUndefined();
  });
});

interface Place {
  readonly name: string;
  readonly row: RawRow;
}

// These two run in the page, where nothing of this file is.
async function openDamaged({ name, row }: Place) {
  const { failureOf, indexedDbStore, keepSession, rowsOf, writeRow } = (globalThis as Inside).storePage;
  await keepSession(name);
  await writeRow(name, row);
  const before = await rowsOf(name);
  const failure = await failureOf(() => indexedDbStore(name).open('lamp'));
  const after = await rowsOf(name);
  const { held = [] } = await navigator.locks.query();
  const other = indexedDbStore(name);
  const { outbound } = await other.open('other');
  await other.close();
  return { before, failure, after, held: held.length, other: outbound.messages };
}

async function readDamaged({ name, row }: Place) {
  const { failureOf, indexedDbStore, keepSession, rowsOf, writeRow } = (globalThis as Inside).storePage;
  await keepSession(name);
  const store = indexedDbStore(name);
  const session = await store.open('lamp');
  await writeRow(name, row);
  const before = await rowsOf(name);
  const failure = await failureOf(() => session.read(0, 10));
  const after = await rowsOf(name);
  await store.close();
  return { before, failure, after };
}
