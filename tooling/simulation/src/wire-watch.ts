/** Looks at every packet where it leaves the client, and where the client takes it in. */
import type { Packet } from '@omqtt/codec';
import type { ClientWorld } from './client-world.ts';
import { numberOfPayload } from './payload.ts';
import { hold } from './violation.ts';

export class WireWatch {
  readonly #world: ClientWorld;
  /** What holds on this connection; 0 when off, and before CONNACK. */
  #keepAliveSeconds = 0;
  #lastSentAt = 0;

  constructor(world: ClientWorld) {
    this.#world = world;
  }

  begin(): void {
    this.#world.referee.begin();
    this.#keepAliveSeconds = 0;
    this.#lastSentAt = this.#world.timeline.now;
  }

  sent(packet: Packet): void {
    const { referee, store, timeline, downstream } = this.#world;
    referee.sent(packet);
    store?.vouchFor(packet);
    this.#noteSending(packet);
    if (packet.type === 'pubrec' && packet.reasonCode < 0x80) downstream.noteTakenOver(packet.packetId);
    this.#holdKeepAlive();
    this.#lastSentAt = timeline.now;
  }

  /** The session wanted it to leave, and there was no way any more. */
  lost(packets: readonly Packet[]): void {
    for (const packet of packets) {
      this.#world.referee.lost(packet);
      this.#noteSending(packet);
    }
  }

  #noteSending(packet: Packet): void {
    if (packet.type !== 'publish' || packet.qos === 0) return;
    this.#world.upstream.noteSent(numberOfPayload(packet.payload));
  }

  received(packet: Packet): void {
    const { referee, setup } = this.#world;
    referee.received(packet);
    if (packet.type !== 'connack' || packet.reasonCode !== 0) return;
    this.#world.onConnack();
    this.#world.upstream.noteLimits(packet.properties ?? {});
    this.#keepAliveSeconds = packet.properties?.serverKeepAliveSeconds ?? setup.client.keepAliveSeconds;
  }

  end(): void {
    this.#holdKeepAlive();
    this.#keepAliveSeconds = 0;
  }

  // [MQTT-3.1.2-20] One and a half times is what the broker waits for. A clock that was set back may hide a while.
  #holdKeepAlive(): void {
    if (this.#keepAliveSeconds === 0) return;
    const { timeline, clock, store } = this.#world;
    const silentMs = timeline.now - this.#lastSentAt;
    const factor = clock.setBackAt >= this.#lastSentAt ? 2 : 1.5;
    const allowedMs = this.#keepAliveSeconds * 1000 * factor + (store === undefined ? 0 : SLOWEST_COMMITS_MS);
    hold(silentMs <= allowedMs, 'keep-alive', () => `${silentMs} ms of silence, ${this.#keepAliveSeconds} s agreed`);
  }

  holdQuiet(): void {
    this.#world.referee.holdQuiet();
  }
}

const SLOWEST_COMMITS_MS = 2000;
