/** What lies between the two ends of a connection in memory, and the ways to disturb it. */
import type { Target, TransportError } from '@omqtt/contracts';
import { MemoryEnd, type MemoryConnection } from './memory-connection.ts';
import { MemoryPipe, type PipeConditions } from './memory-pipe.ts';
import { transportError } from './transport-failure.ts';

export type Direction = 'to-server' | 'to-client';

export interface MemoryLink {
  /** Counts the connections of a transport from 1. */
  readonly number: number;
  readonly target: Target;
  /** False once both ends know that it is over. */
  readonly isOpen: boolean;
  readonly client: MemoryConnection;
  readonly server: MemoryConnection;
  /** Loses the connection at once: what is on the way is gone, and both ends hear of it. */
  cut(error?: TransportError): void;
  /** Loses the connection when so many more bytes have arrived in this direction; the rest does not arrive. */
  cutAfter(bytes: number, direction: Direction): void;
  /** Nothing flows, and `write` returns false; both directions when none is named. */
  stall(direction?: Direction): void;
  release(direction?: Direction): void;
  /** Half-open: from now on everything is swallowed, and neither end hears of it. */
  vanish(): void;
  /** Bytes that have arrived in this direction. */
  carried(direction: Direction): number;
  /** Bytes that were written in this direction and have not arrived. */
  inFlight(direction: Direction): number;
}

export class TwoPipes implements MemoryLink {
  readonly number: number;
  readonly target: Target;
  readonly client: MemoryEnd;
  readonly server: MemoryEnd;
  readonly #toServer: MemoryPipe;
  readonly #toClient: MemoryPipe;

  constructor(number: number, target: Target, conditions: PipeConditions) {
    this.number = number;
    this.target = target;
    const [toServer, toClient] = [() => this.#toServer, () => this.#toClient];
    const clientInfo = { peer: `memory:${target.host}:${target.port}`, isSecure: false };
    const serverInfo = { peer: `memory:client-${number}`, isSecure: false };
    this.client = new MemoryEnd(this, clientInfo, { outgoing: toServer, incoming: toClient });
    this.server = new MemoryEnd(this, serverInfo, { outgoing: toClient, incoming: toServer });
    this.#toServer = this.#pipe(conditions, this.client, this.server);
    this.#toClient = this.#pipe(conditions, this.server, this.client);
  }

  get isOpen(): boolean {
    return !this.client.isFinished || !this.server.isFinished;
  }

  cut(error: TransportError = transportError('connection-lost', 'The test has cut the connection')): void {
    this.vanish();
    this.client.finish(error);
    this.server.finish(error);
  }

  cutAfter(bytes: number, direction: Direction): void {
    this.#pipesOf(direction)[0].cutAfter(bytes);
  }

  stall(direction?: Direction): void {
    for (const pipe of this.#pipesOf(direction)) pipe.stall();
  }

  release(direction?: Direction): void {
    for (const pipe of this.#pipesOf(direction)) pipe.release();
  }

  vanish(): void {
    for (const pipe of this.#pipesOf(undefined)) pipe.discard();
  }

  carried(direction: Direction): number {
    return this.#pipesOf(direction)[0].carried;
  }

  inFlight(direction: Direction): number {
    return this.#pipesOf(direction)[0].inFlight;
  }

  #pipesOf(direction: Direction | undefined): readonly [MemoryPipe, ...MemoryPipe[]] {
    if (direction === undefined) return [this.#toServer, this.#toClient];
    return direction === 'to-server' ? [this.#toServer] : [this.#toClient];
  }

  #pipe(conditions: PipeConditions, from: MemoryEnd, to: MemoryEnd): MemoryPipe {
    return new MemoryPipe(conditions, {
      canDeliver: () => to.canDeliver,
      deliver: (chunk) => to.deliver(chunk),
      ended: () => to.ended(),
      reset: () => to.reset(),
      drained: () => from.drained(),
      cut: () => this.cut(),
    });
  }
}
