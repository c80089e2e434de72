/** Calls that wait for an outcome. Each settles exactly once: answered, timed out, aborted, or closed with the client. */
import type { MqttError, Packet } from '@omqtt/codec';
import type { Clock } from '@omqtt/contracts';
import type { Settlement } from '../session/index.ts';
import { limitWait, type WaitOptions } from './wait-limit.ts';

interface Operation {
  readonly resolve: (packet: Packet | undefined) => void;
  readonly reject: (error: MqttError) => void;
  /** Ends the watch over its limits. */
  stop: () => void;
}

export class Operations {
  readonly #clock: Clock;
  /** Tells the session that nobody waits any more. */
  readonly #cancel: (operation: number, error: MqttError) => void;
  readonly #pending = new Map<number, Operation>();
  #last = 0;

  constructor(clock: Clock, cancel: (operation: number, error: MqttError) => void) {
    this.#clock = clock;
    this.#cancel = cancel;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Begins an operation: `start` gets its number, and throws what must not even begin. */
  begin(what: string, start: (operation: number) => void, wait: WaitOptions = {}): Promise<Packet | undefined> {
    this.#last += 1;
    const operation = this.#last;
    const limits = { ...wait, clock: this.#clock, what };
    return new Promise((resolve, reject) => {
      this.#pending.set(operation, { resolve, reject, stop: doNothing });
      try {
        start(operation);
      } catch (error) {
        this.#pending.delete(operation);
        reject(error);
        return;
      }
      const pending = this.#pending.get(operation);
      if (pending === undefined) return;
      pending.stop = limitWait(limits, (error) => {
        this.#cancel(operation, error);
        this.settle({ operation, error });
      });
    });
  }

  settle({ operation, packet, error }: Settlement): void {
    const pending = this.#pending.get(operation);
    if (pending === undefined) return;
    this.#pending.delete(operation);
    pending.stop();
    if (error === undefined) pending.resolve(packet);
    else pending.reject(error);
  }
}

function doNothing(): void {
  // Until the limits are known.
}
