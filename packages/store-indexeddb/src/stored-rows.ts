/** Reading a session: what is beside the messages at once, and the messages by the window. */
import type { StoredMessage, StoredSubscription } from '@omqtt/contracts';
import { resultOf } from './database.ts';
import {
  checkInboundKey,
  checkMessage,
  checkMessageKeys,
  checkRecord,
  checkStage,
  checkSubscription,
  damaged,
  type FoundRow,
} from './row-checks.ts';
import { keysOf, storeNames, type StageRow } from './schema.ts';
import { SessionLedger } from './session-ledger.ts';

export interface SessionRows {
  readonly ledger: SessionLedger;
  readonly inboundIds: readonly number[];
  readonly subscriptions: readonly StoredSubscription[];
}

/** Of the messages only keys are read. Rejects with `store-corrupt` when a row is not what a store writes. */
export async function readSession(database: IDBDatabase, client: string): Promise<SessionRows> {
  const transaction = database.transaction(storeNames, 'readonly');
  const keys = keysOf(client);
  const [value, messageKeys, stages, inboundKeys, subscriptions] = await Promise.all([
    resultOf<unknown>(transaction.objectStore('sessions').get([client])),
    resultOf<IDBValidKey[]>(transaction.objectStore('messages').getAllKeys(keys)),
    rowsOf(transaction.objectStore('stages'), keys),
    resultOf<IDBValidKey[]>(transaction.objectStore('inbound').getAllKeys(keys)),
    rowsOf(transaction.objectStore('subscriptions'), keys),
  ]);
  const record = checkRecord(value);
  const ledger = new SessionLedger(record);
  for (const [, sequence, bytes] of checkMessageKeys(messageKeys, record)) ledger.put(sequence, bytes);
  for (const { sequence, packetId } of stages.map(checkStage)) {
    if (ledger.entryOf(sequence) === undefined) damaged(`the stage of message ${sequence}, which is not there,`);
    ledger.lend(sequence, packetId);
  }
  return {
    ledger,
    inboundIds: inboundKeys.map(checkInboundKey),
    subscriptions: subscriptions.map(checkSubscription),
  };
}

/** Keys and values are asked for together, so they are of one state. */
async function rowsOf(store: IDBObjectStore, keys: IDBKeyRange, limit?: number): Promise<readonly FoundRow[]> {
  const [found, values] = await Promise.all([
    resultOf<IDBValidKey[]>(store.getAllKeys(keys, limit)),
    resultOf<unknown[]>(store.getAll(keys, limit)),
  ]);
  return found.map((key, index) => ({ key, value: values[index] }));
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
    rowsOf(transaction.objectStore('messages'), keys, limit),
    // Every stage has its message, so the first ones are enough.
    rowsOf(transaction.objectStore('stages'), keys, limit),
  ]);
  const moved = new Map(stages.map(checkStage).map((row) => [row.sequence, row]));
  return messages.map(checkMessage).map((message) => withStage(message, moved.get(message.sequence)));
}

function withStage(message: StoredMessage, row: StageRow | undefined): StoredMessage {
  const { packetId: first, ...rest } = message;
  const stage = row?.stage ?? message.stage;
  if (stage === 'waiting') return row === undefined ? message : { ...rest, stage };
  const packetId = row?.packetId ?? first;
  if (packetId === undefined) damaged(`message ${message.sequence}, which was sent without an id,`);
  return { ...rest, stage, packetId };
}
