/** From changes to the rows that they write and delete. */
import type { StoreChange, StoredMessage } from '@omqtt/contracts';
import { keysOf, type MessageKey, type StageRow, type StoreName } from './schema.ts';
import type { SessionLedger } from './session-ledger.ts';

export interface PlannedWrite {
  readonly store: StoreName;
  readonly key: IDBValidKey | IDBKeyRange;
  /** Absent: what is there is deleted. */
  readonly value?: unknown;
}

/** Nothing is read for it: the ledger knows which messages there are, and goes along. */
export function planChanges(
  client: string,
  changes: readonly StoreChange[],
  ledger: SessionLedger,
): readonly PlannedWrite[] {
  return changes.flatMap((change) => {
    switch (change.type) {
      case 'put':
        return planPut(client, change.message, ledger);
      case 'sent':
      case 'released':
      case 'unsent':
        return planMove(client, change, ledger);
      case 'remove':
        return planRemove(client, change.sequence, ledger);
      default:
        return planRarer(client, change, ledger);
    }
  });
}

function planPut(client: string, message: StoredMessage, ledger: SessionLedger): readonly PlannedWrite[] {
  const { sequence } = message;
  const writes = planRemove(client, sequence, ledger);
  const value = detached(message);
  const { length } = value.payload;
  ledger.put(sequence, length);
  return [...writes, { store: 'messages', key: messageKey(client, sequence, length), value }];
}

type Move = Extract<StoreChange, { readonly type: 'sent' | 'released' | 'unsent' }>;

function planMove(client: string, change: Move, ledger: SessionLedger): readonly PlannedWrite[] {
  const { sequence } = change;
  if (ledger.entryOf(sequence) === undefined) return [];
  if (change.type === 'sent') ledger.lend(sequence, change.packetId);
  if (change.type === 'unsent') ledger.lend(sequence, undefined);
  const packetId = ledger.entryOf(sequence)?.packetId;
  const value: StageRow = {
    sequence,
    stage: change.type === 'unsent' ? 'waiting' : change.type,
    ...(packetId === undefined ? {} : { packetId }),
  };
  return [{ store: 'stages', key: [client, sequence], value }];
}

function planRemove(client: string, sequence: number, ledger: SessionLedger): readonly PlannedWrite[] {
  const entry = ledger.entryOf(sequence);
  if (entry === undefined) return [];
  ledger.remove(sequence);
  return [
    { store: 'messages', key: messageKey(client, sequence, entry.bytes) },
    { store: 'stages', key: [client, sequence] },
  ];
}

type Rarer = Exclude<StoreChange, Move | { readonly type: 'put' | 'remove' }>;

function planRarer(client: string, change: Rarer, ledger: SessionLedger): readonly PlannedWrite[] {
  switch (change.type) {
    case 'received':
      return [{ store: 'inbound', key: [client, change.packetId], value: true }];
    case 'forget':
      return [{ store: 'inbound', key: [client, change.packetId] }];
    case 'forget-all':
      return [{ store: 'inbound', key: keysOf(client) }];
    case 'subscribe':
      return [{ store: 'subscriptions', key: [client, change.subscription.filter], value: change.subscription }];
    case 'unsubscribe':
      return [{ store: 'subscriptions', key: [client, change.filter] }];
    case 'client-id':
      ledger.record = { ...ledger.record, assignedClientId: change.clientId };
      return [];
    case 'alive':
      ledger.record = { ...ledger.record, expirySeconds: change.expirySeconds, aliveAt: change.aliveAt };
      return [];
  }
}

function messageKey(...key: MessageKey): IDBValidKey {
  return [...key];
}

/** With bytes of its own: what is cloned for the database is the whole buffer that a view looks into. */
function detached(message: StoredMessage): StoredMessage {
  const { payload, properties } = message;
  const correlationData = properties?.correlationData;
  const changed = correlationData && { properties: { ...properties, correlationData: ownBytes(correlationData) } };
  return { ...message, payload: ownBytes(payload), ...changed };
}

function ownBytes(bytes: Uint8Array): Uint8Array {
  const isWhole = bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.length;
  return isWhole ? bytes : new Uint8Array(bytes);
}

/**
 * By name, so that a new kind of change is missed here by the compiler. Every store has a table of its own: a shared one
 * could be newer than the store, and would let pass what it cannot keep.
 */
const known: Readonly<Record<StoreChange['type'], true>> = {
  put: true,
  sent: true,
  released: true,
  unsent: true,
  remove: true,
  received: true,
  forget: true,
  'forget-all': true,
  subscribe: true,
  unsubscribe: true,
  'client-id': true,
  alive: true,
};

/** The first change that a later version may know, and this one does not. */
export function firstUnknown(changes: readonly StoreChange[]): StoreChange | undefined {
  return changes.find(({ type }) => !Object.hasOwn(known, type));
}
