/** All changes of a commit or none, in their order. */
import type { StoreChange } from '@omqtt/contracts';
import { ExamFailure, expectFailure, expectSame, expectTrue } from './exam-case.ts';
import { messageOf, put, readAll, type StoreArena, type StoreCase } from './store-arena.ts';

export const commitCases: readonly StoreCase[] = [
  { title: 'the changes of a commit are carried out in their order', run: orderWithin },
  { title: 'commits that are not waited for are carried out in the order of the calls', run: orderAcross },
  { title: 'a commit without changes does nothing', run: emptyCommit },
  { title: 'a commit with a change that the store does not know is refused whole', run: unknownChange },
  { title: 'a commit that fails leaves nothing, and the next one succeeds', needsFailure: true, run: failedCommit },
  { title: 'a commit may be repeated', run: repeatedCommit },
  { title: 'the list of a commit may be used again when the commit has ended', run: reusedList },
];

async function orderWithin(arena: StoreArena): Promise<void> {
  await arena.open();
  await arena.commit(
    put(1),
    { type: 'sent', sequence: 1, packetId: 9 },
    { type: 'remove', sequence: 1 },
    put(2),
    { type: 'sent', sequence: 2, packetId: 9 },
    { type: 'received', packetId: 4 },
    { type: 'forget', packetId: 4 },
    { type: 'received', packetId: 4 },
  );
  const session = await arena.reopen();
  expectSame(await readAll(session), [{ ...messageOf(2), stage: 'sent', packetId: 9 }], 'The messages');
  expectSame(session.inboundIds, [4], 'The inbound ids');
}

async function orderAcross(arena: StoreArena): Promise<void> {
  await arena.open();
  const { store } = arena;
  const commits = [
    store.commit([put(1), put(2)]),
    store.commit([{ type: 'remove', sequence: 1 }]),
    store.commit([{ type: 'sent', sequence: 2, packetId: 1 }, put(3)]),
    store.commit([{ type: 'released', sequence: 2 }]),
  ];
  const ended = Promise.all(commits.map(async (commit) => commit));
  // A rejection is looked at below; until then it is not one that nobody handles.
  ended.catch(() => undefined);
  // Nobody has waited for the commits: `close` does.
  const session = await arena.reopen();
  await arena.wait(ended, 'commits to end before close');
  const expected = [{ ...messageOf(2), stage: 'released', packetId: 1 }, messageOf(3)];
  expectSame(await readAll(session), expected, 'The messages');
}

async function emptyCommit(arena: StoreArena): Promise<void> {
  await arena.open();
  await arena.commit();
  await arena.commit(put(1));
  await arena.commit();
  expectSame(await readAll(await arena.reopen()), [messageOf(1)], 'The messages');
}

async function unknownChange(arena: StoreArena): Promise<void> {
  await arena.open();
  await arena.commit(put(1));
  // From a later version of the client: to skip it would lose what that version relies on.
  const unknown = { type: 'change-of-a-later-version', sequence: 1 } as unknown as StoreChange;
  const changes: readonly StoreChange[] = [put(2), { type: 'remove', sequence: 1 }, unknown, put(3)];
  const commit = (): Promise<void> => arena.commit(...changes);
  await expectFailure(commit, ['store-failed', 'store-too-new'], 'A commit with a change of an unknown type');
  expectSame(await readAll(await arena.reopen()), [messageOf(1)], 'The messages after a commit that was refused');
}

async function failedCommit(arena: StoreArena): Promise<void> {
  const session = await arena.open();
  await arena.commit(put(1), { type: 'received', packetId: 1 });
  const { failNextCommit } = arena.subject;
  if (failNextCommit === undefined) throw new ExamFailure('canFail is true, but there is no failNextCommit');
  failNextCommit();
  const changes: readonly StoreChange[] = [put(2), { type: 'remove', sequence: 1 }, { type: 'forget-all' }, put(3)];
  const commit = (): Promise<void> => arena.commit(...changes);
  await expectFailure(commit, ['store-failed', 'store-full'], 'A commit that the test makes fail');
  expectSame(await readAll(session), [messageOf(1)], 'The messages after a commit that failed');
  await arena.commit(put(2));
  const again = await arena.reopen();
  expectSame(await readAll(again), [messageOf(1), messageOf(2)], 'The messages after one more commit');
  expectSame(again.inboundIds, [1], 'The inbound ids after a commit that failed');
}

async function repeatedCommit(arena: StoreArena): Promise<void> {
  await arena.open();
  const changes: readonly StoreChange[] = [
    put(1),
    put(2),
    { type: 'sent', sequence: 2, packetId: 3 },
    { type: 'received', packetId: 8 },
    { type: 'client-id', clientId: 'x' },
  ];
  // What a client does when it was not told how the first attempt ended.
  await arena.commit(...changes);
  await arena.commit(...changes);
  const session = await arena.reopen();
  const expected = [messageOf(1), { ...messageOf(2), stage: 'sent', packetId: 3 }];
  expectSame(await readAll(session), expected, 'The messages');
  expectSame([session.inboundIds, session.outbound.messages], [[8], 2], 'The inbound ids and the number of messages');
}

async function reusedList(arena: StoreArena): Promise<void> {
  await arena.open();
  const changes: StoreChange[] = [put(1)];
  await arena.wait(arena.store.commit(changes), 'commit');
  changes.splice(0, 1, put(2));
  await arena.wait(arena.store.commit(changes), 'commit');
  expectTrue(changes.length === 1, 'The store has changed the list of changes');
  expectSame(await readAll(await arena.reopen()), [messageOf(1), messageOf(2)], 'The messages');
}
