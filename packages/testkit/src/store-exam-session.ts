/** What is kept beside the messages. */
import type { StoreChange, StoredSession, StoredSubscription } from '@omqtt/contracts';
import { expectSame, expectTrue } from './exam-case.ts';
import { besideMessages, put, type StoreArena, type StoreCase } from './store-arena.ts';

export const sessionCases: readonly StoreCase[] = [
  { title: 'a client id that was never seen has an empty session', run: startsEmpty },
  { title: 'the store says whether it is durable', run: saysDurable },
  { title: 'inbound ids are kept until they are forgotten, one or all', run: inboundIds },
  { title: 'a subscription replaces the one with the same filter, with all its options', run: subscriptions },
  { title: 'the client id that the server assigned is kept', run: assignedClientId },
  { title: 'the session expiry and the last sign of life are kept, the newest of them', run: signsOfLife },
  { title: 'sequences grow over all messages that ever were, also when none is left', run: sequencesGrow },
  { title: 'sessions of different client ids are separate', run: separateClients },
];

async function startsEmpty(arena: StoreArena): Promise<void> {
  const session = await arena.open();
  expectTrue(Number.isSafeInteger(session.nextSequence), 'nextSequence is not a whole number');
  expectTrue(session.nextSequence > 0, 'nextSequence is not above 0, where read(0, …) begins');
  const empty = { inboundIds: [], subscriptions: [], outbound: { messages: 0, bytes: 0 } };
  expectSame(besideMessages(session), empty, 'A session that was never seen');
  expectSame(await session.read(0, 10), [], 'Its messages');
}

async function saysDurable(arena: StoreArena): Promise<void> {
  expectSame(arena.store.isDurable, arena.capabilities.isDurable, 'isDurable');
}

async function inboundIds(arena: StoreArena): Promise<void> {
  await arena.open();
  await arena.commit(...[1, 65_535, 7].map(received));
  // A repeated message and a repeated PUBREL are ordinary.
  await arena.commit(received(7), { type: 'forget', packetId: 1 }, { type: 'forget', packetId: 1 });
  expectSame(sorted(await arena.reopen()), [7, 65_535], 'The inbound ids, one forgotten');

  await arena.commit(put(1), { type: 'forget-all' }, received(3));
  const session = await arena.reopen();
  expectSame(sorted(session), [3], 'The inbound ids, all forgotten but one that came later');
  expectSame(session.outbound.messages, 1, 'Outbound messages, which forget-all does not touch');
}

function received(packetId: number): StoreChange {
  return { type: 'received', packetId };
}

function sorted({ inboundIds: ids }: StoredSession): number[] {
  return [...ids].toSorted((a, b) => a - b);
}

async function subscriptions(arena: StoreArena): Promise<void> {
  await arena.open();
  const plain = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
  const first: StoredSubscription = { filter: 'a/+', ...plain, identifier: 5 };
  const second: StoredSubscription = {
    ...plain,
    filter: '$share/g/é/#',
    qos: 2,
    retainAsPublished: true,
    isPending: true,
  };
  const newer: StoredSubscription = {
    filter: 'a/+',
    qos: 1,
    noLocal: true,
    retainAsPublished: true,
    retainHandling: 2,
    isLeaving: true,
  };
  await arena.commit({ type: 'subscribe', subscription: first }, { type: 'subscribe', subscription: second });
  expectSame(byFilter(await arena.reopen()), [second, first], 'Two subscriptions');

  await arena.commit({ type: 'subscribe', subscription: newer });
  expectSame(byFilter(await arena.reopen()), [second, newer], 'Subscriptions, one of them replaced');

  await arena.commit({ type: 'unsubscribe', filter: '$share/g/é/#' }, { type: 'unsubscribe', filter: 'unknown' });
  expectSame(byFilter(await arena.reopen()), [newer], 'Subscriptions, one of them ended');
}

function byFilter({ subscriptions: all }: StoredSession): StoredSubscription[] {
  return [...all].toSorted((a, b) => (a.filter < b.filter ? -1 : 1));
}

async function assignedClientId(arena: StoreArena): Promise<void> {
  await arena.open('');
  await arena.commit({ type: 'client-id', clientId: 'auto-1' });
  await arena.commit({ type: 'client-id', clientId: 'auto-2-é' });
  expectSame((await arena.reopen('')).assignedClientId, 'auto-2-é', 'assignedClientId');
}

async function signsOfLife(arena: StoreArena): Promise<void> {
  await arena.open();
  const [later, latest] = [1_767_225_600_123, 1_767_225_660_456];
  await arena.commit({ type: 'alive', expirySeconds: 60, aliveAt: later });
  await arena.commit({ type: 'alive', expirySeconds: 0xffff_ffff, aliveAt: latest });
  const { expirySeconds, aliveAt } = await arena.reopen();
  expectSame({ expirySeconds, aliveAt }, { expirySeconds: 0xffff_ffff, aliveAt: latest }, 'The last sign of life');

  await arena.commit({ type: 'alive', expirySeconds: 0, aliveAt: latest });
  expectSame((await arena.reopen()).expirySeconds, 0, 'An expiry of 0, which is not the absence of one');
}

async function sequencesGrow(arena: StoreArena): Promise<void> {
  const first = (await arena.open()).nextSequence;
  await arena.commit(put(first), put(first + 1), put(first + 5));
  const second = (await arena.reopen()).nextSequence;
  expectTrue(second > first + 5, `nextSequence ${second} is not above ${first + 5}, which is in the store`);

  const all = [first, first + 1, first + 5];
  await arena.commit(...all.map((sequence) => ({ type: 'remove', sequence }) as const));
  const third = (await arena.reopen()).nextSequence;
  expectTrue(third > first + 5, `nextSequence ${third} was given before: ${first + 5} was in the store`);

  // What came and went within one commit was given, too.
  await arena.commit(put(third + 9), { type: 'remove', sequence: third + 9 });
  const fourth = (await arena.reopen()).nextSequence;
  expectTrue(fourth > third + 9, `nextSequence ${fourth} was given before: ${third + 9} came and went in one commit`);
}

async function separateClients(arena: StoreArena): Promise<void> {
  const ids = ['a', 'A', 'a ', '', "'; --", 'é', '../a', '__proto__'];
  for (const [index, id] of ids.entries()) {
    const session = index === 0 ? await arena.open(id) : await arena.reopen(id);
    expectSame(session.outbound.messages, 0, `Messages of ${JSON.stringify(id)} before it had any`);
    await arena.commit(put(1, { topic: `of ${id}` }), received(index + 1));
  }
  for (const [index, id] of ids.entries()) {
    const session = await arena.reopen(id);
    const topics = (await session.read(0, 10)).map(({ topic }) => topic);
    expectSame([topics, session.inboundIds], [[`of ${id}`], [index + 1]], `What is kept for ${JSON.stringify(id)}`);
  }
}
