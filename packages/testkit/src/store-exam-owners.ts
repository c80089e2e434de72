/** One owner at a time, and an orderly hand-over. */
import { expectFailure, expectSame } from './exam-case.ts';
import { besideMessages, CLIENT, messageOf, put, readAll, type StoreArena, type StoreCase } from './store-arena.ts';

export const ownerCases: readonly StoreCase[] = [
  { title: 'a session that is open cannot be opened by another store until it is closed', run: lockedForOthers },
  { title: 'a store that is open cannot be opened again', run: lockedForItself },
  { title: 'nothing can be committed before open and after close', run: closedStore },
  { title: 'close can be called again, and on a store that was never opened', run: closeAgain },
  { title: 'everything is there after reopening', run: everythingReopened },
];

async function lockedForOthers(arena: StoreArena): Promise<void> {
  await arena.open();
  await arena.commit(put(1));
  const other = await arena.another();
  const open = (): Promise<unknown> => arena.wait(other.open(CLIENT), 'open to be refused');
  await expectFailure(open, ['store-locked'], 'Opening a session that another store has open');
  // The attempt must not have taken anything from the owner.
  await arena.commit(put(2));
  await arena.close();
  const session = await arena.wait(other.open(CLIENT), 'open after the owner has closed');
  expectSame(await readAll(session), [messageOf(1), messageOf(2)], 'What the next owner finds');
}

async function lockedForItself(arena: StoreArena): Promise<void> {
  await arena.open();
  // A commit does not name its client id, so a store has one session open at a time.
  await expectFailure(() => arena.open(), ['store-locked'], 'Opening the same session again');
  await expectFailure(() => arena.open('another'), ['store-locked'], 'Opening another session with the same store');
  await arena.commit(put(1));
  expectSame(await readAll(await arena.reopen()), [messageOf(1)], 'The messages of the first owner');
}

async function closedStore(arena: StoreArena): Promise<void> {
  const what = 'A commit to a store that';
  await expectFailure(() => arena.commit(put(1)), ['store-closed'], `${what} was never opened`);
  await arena.open();
  await arena.commit(put(2));
  await arena.close();
  await expectFailure(() => arena.commit(put(3)), ['store-closed'], `${what} is closed`);
  expectSame(await readAll(await arena.reopen()), [messageOf(2)], 'The messages');
}

async function closeAgain(arena: StoreArena): Promise<void> {
  await arena.close();
  const other = await arena.another();
  await arena.wait(other.open(CLIENT), 'open');
  await arena.wait(Promise.all([other.close(), other.close()]), 'both calls of close');
  await arena.wait(other.close(), 'close after the end');
}

async function everythingReopened(arena: StoreArena): Promise<void> {
  await arena.open();
  const subscription = { filter: 'a', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
  await arena.commit(
    put(3),
    put(4),
    { type: 'sent', sequence: 3, packetId: 2 },
    { type: 'received', packetId: 6 },
    { type: 'subscribe', subscription },
    { type: 'client-id', clientId: 'assigned' },
    { type: 'alive', expirySeconds: 30, aliveAt: 1000 },
  );
  const first = await arena.reopen();
  const messages = await readAll(first);
  expectSame(messages, [{ ...messageOf(3), stage: 'sent', packetId: 2 }, messageOf(4)], 'The messages');
  const expected = {
    assignedClientId: 'assigned',
    expirySeconds: 30,
    aliveAt: 1000,
    inboundIds: [6],
    subscriptions: [subscription],
    outbound: { messages: 2, bytes: 6 },
  };
  expectSame(besideMessages(first), expected, 'What is kept beside the messages');
  const again = await arena.reopen();
  expectSame(besideMessages(again), expected, 'What is kept, reopened once more without a change');
  expectSame(again.nextSequence, first.nextSequence, 'nextSequence, reopened once more without a change');
}
