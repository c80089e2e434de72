/** Packets, bytes and findings by client id, over all of its connections. */
import type { PacketRecord } from '@omqtt/inspect';
import type { ClientCount } from '../api/tally-view.ts';

const MOST_CLIENTS = 10_000;
/** What a page is told of. */
const MOST_ROWS = 100;

type Open<Each> = { -readonly [Key in keyof Each]: Each[Key] };

export class ClientCounts {
  readonly #clients = new Map<string, Open<ClientCount>>();

  add(record: PacketRecord): void {
    const count = this.#of(record);
    if (!count) return;
    const { direction, size, type } = record;
    count[direction] += 1;
    count.bytes += size;
    if (type === 'publish') count.messages += 1;
  }

  /** More is wrong with a packet of it than was known. */
  found(record: PacketRecord, findings: number): void {
    const count = this.#of(record);
    if (count) count.findings += findings;
  }

  /** Those with most packets first. */
  view(): ClientCount[] {
    return [...this.#clients.values()]
      .toSorted((one, other) => other.c2s + other.s2c - one.c2s - one.s2c)
      .slice(0, MOST_ROWS);
  }

  /** A connection whose CONNECT nobody saw, and one without a client id of its own, is of no client. */
  #of({ clientId }: PacketRecord): Open<ClientCount> | undefined {
    if (clientId === undefined || clientId === '') return undefined;
    const known = this.#clients.get(clientId);
    if (known || this.#clients.size >= MOST_CLIENTS) return known;
    const count = { clientId, c2s: 0, s2c: 0, bytes: 0, messages: 0, findings: 0 };
    this.#clients.set(clientId, count);
    return count;
  }
}
