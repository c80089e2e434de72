/** Other scripts of the site can write into the database too: what is read is looked at, and damage is reported. */
import type { StoredMessage, StoredSubscription } from '@omqtt/contracts';
import { IndexedDbStoreError } from './indexed-db-store-error.ts';
import type { MessageKey, SessionRecord, StageRow } from './schema.ts';

/** A row as it was found; the range that was read begins its key with the client id. */
export interface FoundRow {
  readonly key: IDBValidKey;
  readonly value: unknown;
}

/** `undefined` is the record of a session that never needed one. */
export function checkRecord(value: unknown): SessionRecord {
  if (value === undefined) return { highest: 0 };
  const { highest, assignedClientId, expirySeconds, aliveAt } = partial<keyof SessionRecord>(value);
  const isSound =
    isCount(highest) &&
    isAbsentOr(isText, assignedClientId) &&
    isAbsentOr(isAmount, expirySeconds) &&
    isAbsentOr(isAmount, aliveAt);
  return isSound ? (value as SessionRecord) : damaged('the record of the session');
}

/** The highest sequence is written with the message that has it, so none is above. */
export function checkMessageKeys(keys: readonly IDBValidKey[], { highest }: SessionRecord): readonly MessageKey[] {
  let before = 0;
  for (const key of keys) {
    const [, sequence, bytes, ...more] = partsOf(key);
    if (!isNumbered(sequence) || !isCount(bytes) || more.length > 0) damaged('the key of a message');
    // They come in their order, so an equal one is a neighbour.
    if (sequence === before) damaged(`message ${sequence}, which is there twice,`);
    if (sequence > highest) damaged(`the record of the session, which does not know of message ${sequence},`);
    before = sequence;
  }
  return keys as unknown as readonly MessageKey[];
}

export function checkStage({ key, value }: FoundRow): StageRow {
  const [, sequence, ...more] = partsOf(key);
  const row = partial<keyof StageRow>(value);
  const isSound =
    isNumbered(sequence) &&
    more.length === 0 &&
    row.sequence === sequence &&
    isStage(row.stage) &&
    isAbsentOr(isPacketId, row.packetId);
  return isSound ? (value as StageRow) : damaged(`the stage of message ${numberOf(sequence)}`);
}

export function checkInboundKey(key: IDBValidKey): number {
  const [, packetId, ...more] = partsOf(key);
  return isPacketId(packetId) && more.length === 0 ? packetId : damaged('the packet id of an inbound message');
}

export function checkSubscription({ key, value }: FoundRow): StoredSubscription {
  const [, filter, ...more] = partsOf(key);
  const found = partial<keyof StoredSubscription>(value);
  const isSound =
    isText(filter) &&
    more.length === 0 &&
    found.filter === filter &&
    isUpToTwo(found.qos) &&
    isUpToTwo(found.retainHandling) &&
    isFlag(found.noLocal) &&
    isFlag(found.retainAsPublished) &&
    isAbsentOr(isNumbered, found.identifier) &&
    isAbsentOr(isFlag, found.isPending) &&
    isAbsentOr(isFlag, found.isLeaving);
  if (isSound) return value as StoredSubscription;
  return damaged(isText(filter) ? `the subscription ${JSON.stringify(filter)}` : 'a subscription');
}

/** As it was put. */
export function checkMessage({ key, value }: FoundRow): StoredMessage {
  const [, sequence, bytes] = partsOf(key);
  const found = partial<keyof StoredMessage>(value);
  const isSound =
    found.sequence === sequence &&
    isStage(found.stage) &&
    isAbsentOr(isPacketId, found.packetId) &&
    isText(found.topic) &&
    found.payload instanceof Uint8Array &&
    found.payload.length === bytes &&
    isUpToTwo(found.qos) &&
    isFlag(found.retain) &&
    isAbsentOr(isAmount, found.expiresAt) &&
    isAbsentOr(areProperties, found.properties);
  return isSound ? (value as StoredMessage) : damaged(`message ${numberOf(sequence)}`);
}

export function damaged(what: string): never {
  throw new IndexedDbStoreError('store-corrupt', `${what} is damaged, and is left as it is`, { reason: 'damaged' });
}

/** Not what else may be there, which can be of any kind and size. */
function numberOf(sequence: unknown): string {
  return typeof sequence === 'number' ? String(sequence) : 'without a number';
}

type Properties = NonNullable<StoredMessage['properties']>;
type Check<Value> = (value: unknown) => value is Value;

function partsOf(key: IDBValidKey): readonly unknown[] {
  return Array.isArray(key) ? key : [];
}

/** Members of what is no object are absent. */
function partial<Name extends string>(value: unknown): Readonly<Partial<Record<Name, unknown>>> {
  return Object(value) as Readonly<Partial<Record<Name, unknown>>>;
}

function isAbsentOr<Value>(check: Check<Value>, value: unknown): boolean {
  return value === undefined || check(value);
}

const isText: Check<string> = (value) => typeof value === 'string';
const isFlag: Check<boolean> = (value) => typeof value === 'boolean';
const isCount: Check<number> = (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isNumbered: Check<number> = (value): value is number => isCount(value) && value > 0;
const isPacketId: Check<number> = (value): value is number => isNumbered(value) && value <= 0xffff;
const isUpToTwo: Check<0 | 1 | 2> = (value): value is 0 | 1 | 2 => isCount(value) && value <= 2;
/** Of time: a part of a second and no end are possible. */
const isAmount: Check<number> = (value): value is number => typeof value === 'number' && value >= 0;
const isStage: Check<StageRow['stage']> = (value): value is StageRow['stage'] =>
  value === 'waiting' || value === 'sent' || value === 'released';

function areProperties(value: unknown): value is Properties {
  const found = partial<keyof Properties>(value);
  return (
    typeof value === 'object' &&
    value !== null &&
    isAbsentOr(isCount, found.payloadFormatIndicator) &&
    isAbsentOr(isCount, found.messageExpirySeconds) &&
    isAbsentOr(isText, found.contentType) &&
    isAbsentOr(isText, found.responseTopic) &&
    (found.correlationData === undefined || found.correlationData instanceof Uint8Array) &&
    isAbsentOr(arePairs, found.userProperties)
  );
}

function arePairs(value: unknown): value is NonNullable<Properties['userProperties']> {
  return Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isText));
}
