/** Stores with one fault each, and the case that has to find it. */
import type { SessionStore, StoreChange, StoredMessage, StoredSession } from '@omqtt/contracts';
import { storeError, type StoreUnderExam } from '../src/index.ts';
import { inOrder, modelStore, replace, type Kept, type StoreFaults } from './model-store.ts';

export interface BrokenStore {
  readonly fault: string;
  /** The title of the case that fails. */
  readonly foundBy: string;
  readonly faults: StoreFaults;
}

const stagesCase = 'a message goes through its stages';
const propertiesCase = 'every property of a message is kept';
const sequencesCase = 'sequences grow over all messages that ever were';

export const brokenStores: readonly BrokenStore[] = [
  { fault: 'keeps no ids', foundBy: 'inbound ids are kept', faults: { apply: ignoring('received') } },
  { fault: 'forgets no id', foundBy: 'inbound ids are kept', faults: { apply: ignoring('forget') } },
  { fault: 'never forgets all', foundBy: 'inbound ids are kept', faults: { apply: ignoring('forget-all') } },
  {
    fault: 'forgets messages with the ids',
    foundBy: 'inbound ids are kept',
    faults: { apply: also('forget-all', (kept) => kept.messages.clear()) },
  },
  { fault: 'keeps the first subscription', foundBy: 'a subscription replaces', faults: { apply: firstSubscription } },
  {
    fault: 'keeps ended subscriptions',
    foundBy: 'a subscription replaces',
    faults: { apply: ignoring('unsubscribe') },
  },
  { fault: 'loses subscription options', foundBy: 'a subscription replaces', faults: { describe: plainSubscriptions } },
  { fault: 'loses the client id', foundBy: 'the client id that the server', faults: { apply: ignoring('client-id') } },
  { fault: 'keeps the first sign of life', foundBy: 'the session expiry', faults: { apply: firstLife } },
  {
    fault: 'takes an expiry of 0 for none',
    foundBy: 'the session expiry',
    faults: { describe: ({ expirySeconds = 0 }) => (expirySeconds === 0 ? withoutExpiry : {}) },
  },
  {
    fault: 'counts sequences from what is left',
    foundBy: sequencesCase,
    faults: {
      describe: (session) => ({ nextSequence: (everything(session).at(-1)?.sequence ?? 0) + 1 }),
    },
  },
  { fault: 'gives the last sequence again', foundBy: sequencesCase, faults: { describe: oneTooLow } },
  { fault: 'begins with sequence 0', foundBy: 'a client id that was never seen', faults: { describe: oneTooLow } },
  { fault: 'ignores case', foundBy: 'sessions of different', faults: { keyOf: (id) => id.toLowerCase() } },
  { fault: 'trims client ids', foundBy: 'sessions of different', faults: { keyOf: (id) => id.trim() } },
  { fault: 'says it is durable', foundBy: 'the store says whether', faults: { isDurable: true } },
  { fault: 'does not note what was sent', foundBy: stagesCase, faults: { apply: ignoring('sent') } },
  { fault: 'does not note what was released', foundBy: stagesCase, faults: { apply: ignoring('released') } },
  {
    fault: 'drops the payload at PUBREC',
    foundBy: stagesCase,
    faults: { apply: also('released', (kept) => replaceAll(kept, (old) => ({ ...old, payload: new Uint8Array(0) }))) },
  },
  { fault: 'keeps the packet id of what is unsent', foundBy: stagesCase, faults: { apply: idStays } },
  { fault: 'never removes', foundBy: stagesCase, faults: { apply: ignoring('remove') } },
  { fault: 'keeps the first message', foundBy: 'a message that is put again', faults: { apply: firstMessage } },
  { fault: 'invents messages', foundBy: 'a change of a message that is not there', faults: { apply: inventing } },
  {
    fault: 'throws at unknown sequences',
    foundBy: 'a change of a message that is not there',
    faults: { apply: strict },
  },
  {
    fault: 'sorts user properties',
    foundBy: propertiesCase,
    faults: { read: changing(({ properties: all = {}, ...rest }) => ({ ...rest, properties: sortedProperties(all) })) },
  },
  {
    fault: 'makes user properties a record',
    foundBy: propertiesCase,
    faults: { read: changing(({ properties: all = {}, ...rest }) => ({ ...rest, properties: uniqueProperties(all) })) },
  },
  { fault: 'loses the expiry', foundBy: propertiesCase, faults: { read: changing(({ expiresAt, ...rest }) => rest) } },
  {
    fault: 'turns correlation data into JSON',
    foundBy: propertiesCase,
    faults: { read: changing((old) => ({ ...old, properties: throughJson(old.properties) }) as StoredMessage) },
  },
  {
    fault: 'adds empty properties',
    foundBy: propertiesCase,
    faults: { read: changing((old) => ({ ...old, properties: old.properties ?? {} })) },
  },
  {
    fault: 'gives null for an empty payload',
    foundBy: 'an empty payload is kept',
    faults: { read: changing((old) => (old.payload.length > 0 ? old : ({ ...old, payload: null } as never))) },
  },
  {
    fault: 'cuts payloads at 1 MiB',
    foundBy: 'a payload of 8 MiB is kept',
    faults: { read: changing((old) => ({ ...old, payload: old.payload.subarray(0, 1_048_576) })) },
  },
  {
    fault: 'stores the buffer around a view',
    foundBy: 'a payload of 8 MiB is kept',
    faults: { read: changing((old) => ({ ...old, payload: new Uint8Array(old.payload.buffer) })) },
  },
  {
    fault: 'counts what was removed',
    foundBy: 'the number of messages',
    faults: { describe: ({ nextSequence }) => ({ outbound: { messages: nextSequence - 1, bytes: 23 } }) },
  },
  {
    fault: 'includes `after`',
    foundBy: 'windows begin',
    faults: { read: (all, after, limit) => inOrder(all, after - 1, limit) },
  },
  { fault: 'ignores the limit', foundBy: 'windows begin', faults: { read: (all, after) => inOrder(all, after, 1e9) } },
  {
    fault: 'reads in the order of the puts',
    foundBy: 'windows begin',
    faults: { read: (all, after, limit) => all.filter(({ sequence }) => sequence > after).slice(0, limit) },
  },
  {
    fault: 'takes `after` for a position',
    foundBy: 'windows begin',
    faults: { read: (all, after, limit) => inOrder(all, 0, 1e9).slice(after, after + limit) },
  },
  { fault: 'reads a snapshot', foundBy: 'windows can be read while', faults: { describe: snapshot } },
  {
    fault: 'sorts sequences as text',
    foundBy: '10000 messages wait',
    faults: {
      read: (all, after, limit) =>
        inOrder(all, after, 1e9)
          .toSorted((a, b) => (`${a.sequence}` < `${b.sequence}` ? -1 : 1))
          .slice(0, limit),
    },
  },
  { fault: 'carries out a commit backwards', foundBy: 'the changes of a commit', faults: { commit: backwards } },
  { fault: 'lets close overtake commits', foundBy: 'commits that are not waited for', faults: { commit: late } },
  { fault: 'refuses an empty commit', foundBy: 'a commit without changes', faults: { commit: nonEmpty } },
  {
    fault: 'skips unknown changes',
    foundBy: 'a commit with a change that the store',
    faults: { isPartial: true, skipsUnknown: true },
  },
  { fault: 'leaves half a commit', foundBy: 'a commit with a change that the store', faults: { isPartial: true } },
  { fault: 'refuses what it has already', foundBy: 'a commit may be repeated', faults: { apply: noRepetition } },
  { fault: 'reads the list of a commit later', foundBy: 'the list of a commit', faults: { commit: emptying } },
  { fault: 'has no lock', foundBy: 'a session that is open cannot', faults: { isNeverLocked: true } },
  { fault: 'can be opened twice', foundBy: 'a store that is open cannot', faults: { isNeverLocked: true } },
  { fault: 'swallows commits after close', foundBy: 'nothing can be committed', faults: { isNeverClosed: true } },
  {
    fault: 'loses the ids',
    foundBy: 'everything is there after reopening',
    faults: { describe: () => ({ inboundIds: [] }) },
  },
];

export async function makeBroken(faults: StoreFaults): Promise<StoreUnderExam> {
  const store = modelStore(faults);
  return { store, reopen: async () => store, dispose: async () => undefined };
}

const withoutExpiry: Partial<StoredSession> = { expirySeconds: 1 };

function ignoring(type: StoreChange['type']): (kept: Kept, change: StoreChange) => boolean {
  return (_kept, change) => change.type === type;
}

function also(type: StoreChange['type'], fault: (kept: Kept) => void): (kept: Kept, change: StoreChange) => boolean {
  return (kept, change) => {
    if (change.type === type) fault(kept);
    return false;
  };
}

function firstSubscription(kept: Kept, change: StoreChange): boolean {
  return change.type === 'subscribe' && kept.subscriptions.has(change.subscription.filter);
}

function plainSubscriptions({ subscriptions }: StoredSession): Partial<StoredSession> {
  return { subscriptions: subscriptions.map((each) => ({ ...each, retainHandling: 0 })) };
}

function firstLife(kept: Kept, change: StoreChange): boolean {
  return change.type === 'alive' && kept.alive !== undefined;
}

function oneTooLow({ nextSequence }: StoredSession): Partial<StoredSession> {
  return { nextSequence: nextSequence - 1 };
}

function idStays(kept: Kept, change: StoreChange): boolean {
  if (change.type !== 'unsent') return false;
  replace(kept, change.sequence, (old) => ({ ...old, stage: 'waiting' }));
  return true;
}

function firstMessage(kept: Kept, change: StoreChange): boolean {
  return change.type === 'put' && kept.messages.has(change.message.sequence);
}

function inventing(kept: Kept, change: StoreChange): boolean {
  if (change.type !== 'sent' || kept.messages.has(change.sequence)) return false;
  const { sequence, packetId } = change;
  const topic = 'invented';
  kept.messages.set(sequence, {
    sequence,
    packetId,
    stage: 'sent',
    topic,
    payload: new Uint8Array(0),
    qos: 1,
    retain: false,
  });
  return true;
}

function strict(kept: Kept, change: StoreChange): boolean {
  if ('sequence' in change && !kept.messages.has(change.sequence)) throw storeError('store-failed');
  return false;
}

function replaceAll(kept: Kept, change: (old: StoredMessage) => StoredMessage): void {
  for (const sequence of kept.messages.keys()) replace(kept, sequence, change);
}

function changing(change: (message: StoredMessage) => StoredMessage): NonNullable<StoreFaults['read']> {
  return (messages, after, limit) => inOrder(messages, after, limit).map(change);
}

type Properties = NonNullable<StoredMessage['properties']>;

function sortedProperties(all: Properties): Properties {
  return { ...all, userProperties: (all.userProperties ?? []).toSorted(([a], [b]) => (a < b ? -1 : 1)) };
}

function uniqueProperties(all: Properties): Properties {
  return { ...all, userProperties: [...new Map(all.userProperties)] };
}

function throughJson(all: Properties | undefined): unknown {
  return all === undefined ? undefined : JSON.parse(JSON.stringify(all));
}

/** The model reads without waiting. */
function everything(session: StoredSession): StoredMessage[] {
  return session.read(0, 1e9) as StoredMessage[];
}

function snapshot(session: StoredSession): Partial<StoredSession> {
  const messages = everything(session);
  return { read: (after, limit) => inOrder(messages, after, limit) };
}

function backwards(store: SessionStore, changes: readonly StoreChange[]): Promise<void> | void {
  return store.commit(changes.toReversed());
}

function late(store: SessionStore, changes: readonly StoreChange[]): Promise<void> {
  return Promise.resolve()
    .then(() => undefined)
    .then(() => undefined)
    .then(() => store.commit(changes));
}

function nonEmpty(store: SessionStore, changes: readonly StoreChange[]): Promise<void> | void {
  if (changes.length === 0) throw storeError('store-failed');
  return store.commit(changes);
}

function noRepetition(kept: Kept, change: StoreChange): boolean {
  if (change.type === 'put' && kept.messages.has(change.message.sequence)) throw storeError('store-failed');
  return false;
}

function emptying(store: SessionStore, changes: readonly StoreChange[]): Promise<void> | void {
  const result = store.commit(changes);
  (changes as StoreChange[]).length = 0;
  return result;
}
