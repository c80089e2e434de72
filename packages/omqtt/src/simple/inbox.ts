/** Messages between their arrival and the moment somebody asks for one, in the order they came. */
import type { MqttError } from '@omqtt/codec';
import { AbortedError, ConnectionLostError, TimeoutError } from '@omqtt/core';
import type { V3Message } from '../versions.ts';

/** More QoS 0 messages than this are not kept; the oldest gives way. All others wait at the server for their turn. */
const MOST_UNSAFE = 1000;

interface Reader {
  readonly resolve: (message: V3Message) => void;
  readonly reject: (error: MqttError) => void;
}

export interface Wait {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export class Inbox {
  readonly #messages: V3Message[] = [];
  readonly #readers = new Set<Reader>();
  #ended: { readonly error: MqttError } | undefined;

  put(message: V3Message): void {
    const [reader] = this.#readers;
    if (reader !== undefined) {
      this.#readers.delete(reader);
      reader.resolve(message);
      return;
    }
    this.#messages.push(message);
    if (this.#messages.length <= MOST_UNSAFE || message.qos > 0) return;
    const oldest = this.#messages.findIndex(({ qos }) => qos === 0);
    this.#messages.splice(oldest, 1);
  }

  poll(): V3Message | undefined {
    const message = this.#messages.shift();
    if (message === undefined && this.#ended !== undefined) throw this.#ended.error;
    return message;
  }

  async take(wait: Wait): Promise<V3Message> {
    const message = this.poll();
    if (message !== undefined) return message;
    return new Promise<V3Message>((resolve, reject) => {
      const stop = limit(wait, (error) => {
        this.#readers.delete(reader);
        reject(error);
      });
      const settled =
        <Outcome>(settle: (outcome: Outcome) => void) =>
        (outcome: Outcome): void => {
          stop();
          settle(outcome);
        };
      const reader = { resolve: settled(resolve), reject: settled(reject) };
      this.#readers.add(reader);
    });
  }

  /** Nothing comes any more. What lies here is still handed out. */
  end(error: MqttError | undefined): void {
    this.#ended ??= { error: error ?? new ConnectionLostError() };
    for (const reader of this.#readers) reader.reject(this.#ended.error);
    this.#readers.clear();
  }
}

// Never gives up before it has returned.
function limit({ timeoutMs, signal }: Wait, giveUp: (error: MqttError) => void): () => void {
  const what = 'waiting for a message';
  const onAbort = (): void => giveUp(new AbortedError(what, signal?.reason));
  const timers = [
    ...(timeoutMs === undefined ? [] : [setTimeout(() => giveUp(new TimeoutError(what, timeoutMs)), timeoutMs)]),
    ...(signal?.aborted ? [setTimeout(onAbort)] : []),
  ];
  signal?.addEventListener('abort', onAbort, { once: true });
  return () => {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
}
