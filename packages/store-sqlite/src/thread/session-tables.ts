/** What one session has in the tables. */
import type { Database, Statement } from 'better-sqlite3';
import { ByteReader } from '../byte-reader.ts';
import { encodeState, RELEASED_BITS } from '../flight-state.ts';
import { Op, type RareChange, type SessionFacts } from '../wire.ts';
import { checksumOf, recordChecksum } from './checksums.ts';
import { corrupt } from './fault.ts';
import { checkInboundRow, checkSessionRow, checkSubscriptionRow } from './rows.ts';
import type { InboundRow, LogRow, SessionRow, SubscriptionRow } from './rows.ts';
import { createLog, logName } from './schema.ts';
import { readWindow } from './window.ts';
import type { Trouble } from './trouble.ts';

interface Facts {
  readonly assignedClientId?: string;
  readonly expirySeconds?: number;
  readonly aliveAt?: number;
}

/** Sequences are reserved by so many, so that the row of the session is not written with every message. */
const RESERVE = 1024;

export class SessionTables {
  readonly #number: number;
  readonly #clientId: string;
  readonly #log: LogStatements;
  readonly #others: OtherStatements;
  #facts: Facts = {};
  #ceiling = 0;
  #position = 0;

  private constructor(database: Database, number: number, clientId: string) {
    this.#number = number;
    this.#clientId = clientId;
    this.#log = logStatements(database, logName(number));
    this.#others = otherStatements(database);
    this.recount();
  }

  /** The session of the client id, made if there is none. */
  static of(database: Database, clientId: string): SessionTables {
    const find = database.prepare<[string], number>('SELECT number FROM session WHERE client_id = ?').pluck();
    const number = find.get(clientId) ?? database.transaction(() => makeSession(database, clientId))();
    return new SessionTables(database, number, clientId);
  }

  describe(): SessionFacts {
    const [messages, bytes] = this.#log.count.get() ?? [0, 0];
    const subscriptions = this.#others.subscriptions.all(this.#number).map(checkSubscriptionRow);
    return {
      ...this.#facts,
      inboundIds: this.#others.inbound.all(this.#number).map((row) => checkInboundRow(row).packet_id),
      subscriptions: subscriptions.map(({ options }) => JSON.parse(options) as SessionFacts['subscriptions'][number]),
      outbound: { messages, bytes },
      nextSequence: this.#ceiling + 1,
    };
  }

  read(after: number, limit: number): Uint8Array<ArrayBuffer> {
    return readWindow(this.#log.window.iterate(after, limit));
  }

  /** After a transaction that failed: what is remembered of the tables is read again. */
  recount(): void {
    const row = this.#others.session.get(this.#number);
    // Cannot happen: it was there or was made when the file was opened.
    if (row === undefined) throw corrupt('the session is gone');
    const { facts, sequence_ceiling: ceiling } = checkSessionRow(row);
    this.#facts = JSON.parse(facts) as Facts;
    this.#ceiling = ceiling;
    this.#position = this.#others.lastPosition.get(this.#number) ?? 0;
  }

  apply(batch: Uint8Array, { from, to }: { readonly from: number; readonly to: number }, trouble: Trouble): void {
    const reader = new ByteReader(batch, from);
    while (reader.at < to) {
      trouble.step();
      this.#applyNext(reader, reader.byte());
    }
  }

  #applyNext(reader: ByteReader, op: number): void {
    const log = this.#log;
    switch (op) {
      case Op.put:
      case Op.given:
        return this.#put(reader, op === Op.put);
      case Op.remove:
        return void log.remove.run(reader.number(), reader.number());
      case Op.sent: {
        const sequence = reader.number();
        return void log.setState.run(encodeState('sent', reader.uint16()), sequence);
      }
      case Op.released:
        return void log.release.run(RELEASED_BITS, reader.number());
      case Op.unsent:
        return void log.setState.run(encodeState('waiting', 0), reader.number());
      case Op.received:
        return this.#received(reader.uint16());
      case Op.forget:
        return void this.#others.forget.run(this.#number, reader.uint16());
      case Op.forgetAll:
        return void this.#others.forgetAll.run(this.#number);
      case Op.rare:
        return this.#rare(JSON.parse(reader.text()) as RareChange);
      default:
        // Cannot happen: both threads are of one version.
        throw new Error(`there is no change ${op}`);
    }
  }

  #put(reader: ByteReader, isKept: boolean): void {
    const sequence = reader.number();
    const state = reader.number();
    const payloadBytes = reader.uint32();
    const record = reader.buffer(reader.uint32());
    if (sequence > this.#ceiling) this.#save(this.#facts, sequence + RESERVE - 1);
    if (isKept) this.#log.put.run(sequence, state, payloadBytes, recordChecksum(record), record);
  }

  #received(packetId: number): void {
    const position = this.#position + 1;
    const checksum = checksumOf(this.#number, packetId, position);
    this.#position = position;
    this.#others.received.run(this.#number, packetId, position, checksum);
  }

  #rare(change: RareChange): void {
    if (change.type === 'unsubscribe') {
      this.#others.unsubscribe.run(this.#number, change.filter);
    } else if (change.type === 'subscribe') {
      const { filter } = change.subscription;
      const options = JSON.stringify(change.subscription);
      this.#others.subscribe.run(this.#number, filter, options, checksumOf(this.#number, filter, options));
    } else if (change.type === 'client-id') {
      this.#save({ ...this.#facts, assignedClientId: change.clientId }, this.#ceiling);
    } else {
      const { expirySeconds, aliveAt } = change;
      this.#save({ ...this.#facts, expirySeconds, aliveAt }, this.#ceiling);
    }
  }

  #save(facts: Facts, ceiling: number): void {
    const text = JSON.stringify(facts);
    this.#others.saveSession.run(text, ceiling, checksumOf(this.#clientId, text, ceiling), this.#number);
    this.#facts = facts;
    this.#ceiling = ceiling;
  }
}

function makeSession(database: Database, clientId: string): number {
  const facts = '{}';
  const insert = database.prepare(
    'INSERT INTO session (client_id, facts, sequence_ceiling, checksum) VALUES (?, ?, 0, ?)',
  );
  const number = Number(insert.run(clientId, facts, checksumOf(clientId, facts, 0)).lastInsertRowid);
  createLog(database, number);
  return number;
}

interface LogStatements {
  readonly put: Statement<[number, number, number, number, Buffer]>;
  readonly setState: Statement<[number, number]>;
  readonly release: Statement<[number, number]>;
  readonly remove: Statement<[number, number]>;
  readonly count: Statement<[], [number, number]>;
  readonly window: Statement<[number, number], LogRow>;
}

function logStatements(database: Database, log: string): LogStatements {
  return {
    put: database.prepare(`INSERT OR REPLACE INTO ${log} VALUES (?, ?, ?, ?, ?)`),
    setState: database.prepare(`UPDATE ${log} SET state = ? WHERE sequence = ?`),
    release: database.prepare(`UPDATE ${log} SET state = (state & 0xffffffff) | ? WHERE sequence = ?`),
    remove: database.prepare(`DELETE FROM ${log} WHERE sequence BETWEEN ? AND ?`),
    count: database.prepare<[], [number, number]>(`SELECT count(*), total(payload_bytes) FROM ${log}`).raw(),
    window: database
      .prepare<[number, number], LogRow>(`SELECT * FROM ${log} WHERE sequence > ? ORDER BY sequence LIMIT ?`)
      .raw(),
  };
}

interface OtherStatements {
  readonly session: Statement<[number], SessionRow>;
  readonly saveSession: Statement<[string, number, number, number]>;
  readonly inbound: Statement<[number], InboundRow>;
  readonly lastPosition: Statement<[number], number>;
  readonly received: Statement<[number, number, number, number]>;
  readonly forget: Statement<[number, number]>;
  readonly forgetAll: Statement<[number]>;
  readonly subscriptions: Statement<[number], SubscriptionRow>;
  readonly subscribe: Statement<[number, string, string, number]>;
  readonly unsubscribe: Statement<[number, string]>;
}

function otherStatements(database: Database): OtherStatements {
  return {
    session: database.prepare('SELECT * FROM session WHERE number = ?'),
    saveSession: database.prepare('UPDATE session SET facts = ?, sequence_ceiling = ?, checksum = ? WHERE number = ?'),
    inbound: database.prepare('SELECT * FROM inbound WHERE session = ? ORDER BY position'),
    lastPosition: database
      .prepare<[number], number>('SELECT position FROM inbound WHERE session = ? ORDER BY position DESC LIMIT 1')
      .pluck(),
    received: database.prepare('INSERT OR IGNORE INTO inbound VALUES (?, ?, ?, ?)'),
    forget: database.prepare('DELETE FROM inbound WHERE session = ? AND packet_id = ?'),
    forgetAll: database.prepare('DELETE FROM inbound WHERE session = ?'),
    subscriptions: database.prepare('SELECT * FROM subscription WHERE session = ? ORDER BY filter'),
    subscribe: database.prepare('INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?)'),
    unsubscribe: database.prepare('DELETE FROM subscription WHERE session = ? AND filter = ?'),
  };
}
