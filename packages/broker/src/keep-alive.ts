/** Ends a connection that is silent for one and a half times its keep-alive [MQTT-3.1.2-22]. */
import type { Clock } from '@omqtt/contracts';

export class KeepAlive {
  readonly #clock: Clock;
  readonly #isDeaf: () => boolean;
  #limitMs = 0;
  #heardAt = 0;
  #cancel: (() => void) | undefined;

  /** `isDeaf`: nothing is read now, so that silence says nothing about the client. */
  constructor(clock: Clock, isDeaf: () => boolean) {
    this.#clock = clock;
    this.#isDeaf = isDeaf;
  }

  /** 0 seconds: without a limit. */
  start(keepAliveSeconds: number, onSilence: () => void): void {
    this.stop();
    this.#limitMs = keepAliveSeconds * 1500;
    if (this.#limitMs === 0) return;
    this.heard();
    this.#watch(onSilence);
  }

  heard(): void {
    if (this.#limitMs > 0) this.#heardAt = this.#clock.now();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  // One timer for many packets: it looks again when it is due.
  #watch(onSilence: () => void): void {
    const due = this.#heardAt + this.#limitMs;
    this.#cancel = this.#clock.wakeAt(due, () => {
      if (this.#isDeaf()) this.heard();
      if (this.#clock.now() >= this.#heardAt + this.#limitMs) onSilence();
      else this.#watch(onSilence);
    });
  }
}
