/** Calls that wait for an outcome. Each settles exactly once: answered, timed out, aborted, or closed with the client. */
import type { MqttError, Packet } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import type { Settlement } from '../session/index.ts';
import { AbortedError } from './errors.ts';
import { limitWait, type WaitOptions } from './wait-limit.ts';

interface Operation {
  readonly resolve: (packet: Packet | undefined) => void;
  readonly reject: (error: MqttError) => void;
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
  /** None when nobody waits. */
  #pending: Map<number, Operation> | undefined;
  #last = 0;

  constructor(parts: OperationsParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#pending?.size ?? 0;
  }

  isPending(operation: number): boolean {
    return this.#pending?.has(operation) ?? false;
  }

  /** An operation without limits, begun by the caller: its number. It is settled like all others. */
  add(resolve: Operation['resolve'], reject: Operation['reject']): number {
    this.#last += 1;
    (this.#pending ??= new Map()).set(this.#last, { resolve, reject, stop: doNothing });
    return this.#last;
  }

  /** Begins an operation: `start` gets its number, and throws what must not even begin. */
  begin(what: string, start: (operation: number) => void, wait: WaitOptions = {}): Promise<Packet | undefined> {
    // Nothing may leave for a call that was given up before.
    if (wait.signal?.aborted === true) return Promise.reject(new AbortedError(what, wait.signal.reason));
    return new Promise((resolve, reject) => {
      const operation = this.add(resolve, reject);
      try {
        const limits = { ...wait, clock: this.#parts.options.clock, what };
        const stop = limitWait(limits, (error) => this.cancel(operation, error));
        const pending = this.#pending?.get(operation);
        if (pending !== undefined) pending.stop = stop;
        start(operation);
      } catch (error) {
        this.settle({ operation, error: error as MqttError });
      }
    });
  }

  /** Ends the waiting; what it was about is withdrawn where that is still possible. */
  cancel(operation: number, error: MqttError): void {
    if (!this.isPending(operation)) return;
    this.#parts.withdraw(operation, error);
    this.settle({ operation, error });
  }

  settle({ operation, packet, error }: Settlement): void {
    const pending = this.#pending?.get(operation);
    if (pending === undefined) return;
    this.#pending?.delete(operation);
    if (this.size === 0) this.#pending = undefined;
    pending.stop();
    if (error === undefined) pending.resolve(packet);
    else pending.reject(error);
  }

  /** Nobody will answer any more. */
  settleAll(error: MqttError): void {
    for (const operation of this.#pending?.keys() ?? []) this.settle({ operation, error });
  }
}

function doNothing(): void {
  // Until the limits are known.
}
