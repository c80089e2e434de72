/** Calls that wait for an outcome. Each settles exactly once: answered, timed out, aborted, or closed with the client. */
import type { MqttError, Packet } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import type { Settlement } from '../session/index.ts';
import { NumberTable } from '../session/number-table.ts';
import { limitWait, type WaitOptions } from './wait-limit.ts';

/** What the caller is told, made of what the server answered. */
export type ReadAnswer<Result> = (packet: Packet | undefined) => Result;

export interface Operation<Result = never> {
  /** Given when it is added. */
  number: number;
  /** Without it, the caller is told the packet. */
  readonly read: ReadAnswer<unknown> | undefined;
  resolve(result: Result): void;
  reject(error: MqttError): void;
  /** Ends the watch over its limits. */
  stop: () => void;
}

export interface OperationsParts {
  readonly options: { readonly clock: Clock };
  /** Tells the others that nobody waits any more. */
  withdraw(operation: number, error: MqttError): void;
}

export class Operations {
  readonly #parts: OperationsParts;
  readonly #pending = new NumberTable<Operation>(({ number }) => number);
  #last = 0;

  constructor(parts: OperationsParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#pending.size;
  }

  isPending(operation: number): boolean {
    return this.#pending.get(operation) !== undefined;
  }

  /** An operation without limits, begun by the caller: its number. It is settled like all others. */
  add<Result>(operation: Operation<Result>): number {
    this.#last += 1;
    operation.number = this.#last;
    this.#pending.add(operation);
    return this.#last;
  }

  /** Begins an operation: `start` gets its number, and throws what must not even begin. */
  begin(what: string, start: (operation: number) => void, wait: WaitOptions = {}): Promise<Packet | undefined> {
    return new Promise((resolve, reject) => {
      const operation = this.add({ number: 0, read: undefined, resolve, reject, stop: noLimits });
      try {
        this.limit(operation, what, wait);
        // Nothing may leave for a call that was given up before.
        if (this.isPending(operation)) start(operation);
      } catch (error) {
        this.settle({ operation, error: error as MqttError });
      }
    });
  }

  /** Watches over the limits of the operation until it is settled, which may be at once. */
  limit(operation: number, what: string, wait: WaitOptions): void {
    const limits = { ...wait, clock: this.#parts.options.clock, what };
    const stop = limitWait(limits, (error) => this.cancel(operation, error));
    const pending = this.#pending.get(operation);
    if (pending !== undefined) pending.stop = stop;
  }

  /** Ends the waiting; what it was about is withdrawn where that is still possible. */
  cancel(operation: number, error: MqttError): void {
    if (!this.isPending(operation)) return;
    this.#parts.withdraw(operation, error);
    this.settle({ operation, error });
  }

  settle({ operation, packet, error }: Settlement): void {
    const pending = this.#pending.delete(operation);
    if (pending === undefined) return;
    pending.stop();
    if (error === undefined) pending.resolve((pending.read === undefined ? packet : pending.read(packet)) as never);
    else pending.reject(error);
  }

  /** Nobody will answer any more. */
  settleAll(error: MqttError): void {
    const all = this.#pending.values().toSorted((one, other) => one.number - other.number);
    for (const { number } of all) this.settle({ operation: number, error });
  }
}

/** Of an operation whose limits are not known yet, or that has none. */
export function noLimits(): void {
  // Nothing to end.
}
