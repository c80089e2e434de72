/** Publishes in the order of the calls: where the session has no room the next one waits here, or is refused. */
import { MqttError } from '@omqtt/codec';
import { QueueFullError, type Session } from '@omqtt/core/session';
import type { ClientWorld } from './client-world.ts';
import type { Upstream } from './upstream.ts';

export class PublishLine {
  readonly #world: ClientWorld;
  readonly #session: Session;
  #waiting: Upstream[] = [];

  constructor(world: ClientWorld, session: Session) {
    this.#world = world;
    this.#session = session;
  }

  get length(): number {
    return this.#waiting.length;
  }

  push(message: Upstream): void {
    this.#waiting.push(message);
  }

  /** Hands over what the session takes. */
  advance(now: number): void {
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      if (!this.#handOver(first, now)) return;
      this.#waiting.shift();
    }
  }

  #handOver(message: Upstream, now: number): boolean {
    const { operations, setup, upstream } = this.#world;
    const { command } = message;
    upstream.handOver(message, now);
    const { operation } = command;
    try {
      if (this.#session.publish(command, now) === 'accepted') return true;
    } catch (error) {
      if (!(error instanceof MqttError)) throw error;
      operations.settle({ operation, error });
      return true;
    }
    if (setup.session.queue.whenFull !== 'reject') return false;
    operations.settle({ operation, error: new QueueFullError(0, 0) });
    return true;
  }

  /** Takes a message out of the line; false when it is not in it. */
  cancel(operation: number): boolean {
    const count = this.#waiting.length;
    this.#waiting = this.#waiting.filter(({ command }) => command.operation !== operation);
    return this.#waiting.length < count;
  }

  abandon(error: MqttError): void {
    const { operations } = this.#world;
    for (const { command } of this.#waiting.splice(0)) operations.settle({ operation: command.operation, error });
  }
}
