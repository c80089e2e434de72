/** Reading a session: what is beside the messages at once, and the messages by the window. */
import type { StoredMessage, StoredSubscription } from '@omqtt/contracts';
import { resultOf } from './database.ts';
import { IndexedDbStoreError } from './indexed-db-store-error.ts';
import { keysOf, storeNames, type MessageKey, type SessionRecord, type StageRow } from './schema.ts';
import { SessionLedger } from './session-ledger.ts';

export interface SessionRows {
  readonly ledger: SessionLedger;
  readonly inboundIds: readonly number[];
  readonly subscriptions: readonly StoredSubscription[];
}

/** Of the messages only keys are read. */
export async function readSession(database: IDBDatabase, client: string): Promise<SessionRows> {
  const transaction = database.transaction(storeNames, 'readonly');
  const keys = keysOf(client);
  const [record, messageKeys, stages, inbound, subscriptions] = await Promise.all([
    resultOf<SessionRecord | undefined>(transaction.objectStore('sessions').get([client])),
    resultOf<MessageKey[]>(transaction.objectStore('messages').getAllKeys(keys)),
    resultOf<StageRow[]>(transaction.objectStore('stages').getAll(keys)),
    resultOf<[string, number][]>(transaction.objectStore('inbound').getAllKeys(keys)),
    resultOf<StoredSubscription[]>(transaction.objectStore('subscriptions').getAll(keys)),
  ]);
  const ledger = new SessionLedger(record ?? { highest: 0 });
  for (const [, sequence, bytes] of messageKeys) ledger.put(sequence, bytes);
  for (const { sequence, packetId } of stages) ledger.lend(sequence, packetId);
  return { ledger, inboundIds: inbound.map(([, id]) => id), subscriptions };
}

export interface ReadWindow {
  readonly client: string;
  readonly after: number;
  readonly limit: number;
}

export async function readWindow(
  database: IDBDatabase,
  { client, after, limit }: ReadWindow,
): Promise<readonly StoredMessage[]> {
  // To the platform a limit of 0 is none.
  if (limit < 1) return [];
  const transaction = database.transaction(['messages', 'stages'], 'readonly');
  const keys = keysOf(client, after + 1);
  const [messages, stages] = await Promise.all([
    resultOf<StoredMessage[]>(transaction.objectStore('messages').getAll(keys, limit)),
    // Every stage has its message, so the first ones are enough.
    resultOf<StageRow[]>(transaction.objectStore('stages').getAll(keys, limit)),
  ]);
  const moved = new Map(stages.map((row) => [row.sequence, row]));
  return messages.map((message) => withStage(checked(message), moved.get(message.sequence)));
}

function withStage(message: StoredMessage, row: StageRow | undefined): StoredMessage {
  if (row === undefined) return message;
  const { packetId: first, ...rest } = message;
  if (row.stage === 'waiting') return { ...rest, stage: 'waiting' };
  const packetId = row.packetId ?? first;
  return { ...rest, stage: row.stage, ...(packetId === undefined ? {} : { packetId }) };
}

/** Others can write into the database too. */
function checked(message: StoredMessage): StoredMessage {
  const { sequence, topic, payload } = message as Partial<StoredMessage>;
  if (typeof sequence === 'number' && typeof topic === 'string' && payload instanceof Uint8Array) return message;
  throw new IndexedDbStoreError('store-corrupt', `message ${String(sequence)} is damaged, and is left as it is`);
}
