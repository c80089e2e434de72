/** A session that nothing has happened to yet. */
import { Deadlines } from './deadlines.ts';
import { Effects } from './effects.ts';
import type { Machine } from './machine.ts';
import { NumberTable } from './number-table.ts';
import { packetIdOf } from './outbound-message.ts';
import { PacketIds } from './packet-ids.ts';
import { Queue } from './queue.ts';
import type { SessionOptions } from './session-options.ts';
import { SparseMap, SparseSet } from './sparse-tables.ts';

export function newMachine(options: SessionOptions, clientId: string): Machine {
  return {
    options,
    effects: new Effects(),
    now: 0,
    connection: undefined,
    connections: 0,
    state: {
      clientId,
      exists: false,
      isNew: true,
      packetIds: new PacketIds(),
      waiting: new Queue(),
      unread: undefined,
      waitingMessages: 0,
      waitingBytes: 0,
      inFlight: new NumberTable(packetIdOf),
      turns: 0,
      expiring: new Deadlines(),
      nextSequence: 1,
      expected: 0,
      received: new SparseSet(),
      deliveries: new SparseMap(),
      declarations: new SparseMap(),
      exchanges: new SparseSet(),
      unsentExchanges: new Queue(),
    },
  };
}
