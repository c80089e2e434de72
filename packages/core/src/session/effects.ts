/** What the session wants done. The driver does it in this order: persist, send, deliver, settle, close. */
import type { ConnackPacket, MqttError, Packet, QoS } from '@omqtt/codec';
import type { StoreChange } from '@omqtt/contracts/session-store';
import type { Delivery } from './inbound.ts';
import { append, EMPTY_LIST } from './on-demand-list.ts';

/** All that one call, or one chunk of packets, brought about. */
export interface EffectBatch {
  /** Durable before anything else of the batch happens. */
  readonly persist: readonly StoreChange[];
  readonly send: readonly Packet[];
  readonly deliver: readonly Notification[];
  readonly settle: readonly Settlement[];
  /** The last thing of all: end the connection, when what was sent has left. */
  readonly close: CloseEffect | undefined;
}

/** Something for the client to know or to work on. */
export type Notification =
  | Delivery
  | { readonly type: 'connected'; readonly connack: ConnackPacket }
  /** The server wants more: answer with `continueAuthentication`. */
  | { readonly type: 'challenge'; readonly data: Uint8Array | undefined }
  /** The server is content: answer with `confirmAuthentication` when its proof is sound. */
  | { readonly type: 'authenticated'; readonly data: Uint8Array | undefined }
  /** A filter that was subscribed to is so no more. */
  | { readonly type: 'subscription-lost'; readonly filter: string; readonly reasonCode: number }
  /** A message has ended with an error that nobody waits for. */
  | ({ readonly type: 'message-lost' } & LostMessage);

export interface LostMessage {
  readonly topic: string;
  readonly qos: QoS;
  readonly error: MqttError;
}

/** An operation ended: with the packet that the server answered, with nothing to answer, or with an error. */
export interface Settlement {
  readonly operation: number;
  readonly packet?: Packet | undefined;
  readonly error?: MqttError | undefined;
}

export interface CloseEffect {
  /** `undefined` when this side ended the connection in order. */
  readonly error: MqttError | undefined;
}

/** Gathers effects until the driver takes them. A list is made by the first that goes into it. */
export class Effects {
  #persist: StoreChange[] = EMPTY_LIST;
  #send: Packet[] = EMPTY_LIST;
  #deliver: Notification[] = EMPTY_LIST;
  #settle: Settlement[] = EMPTY_LIST;
  #close: CloseEffect | undefined;
  #isEmpty = true;

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  take(): EffectBatch {
    const batch = {
      persist: this.#persist,
      send: this.#send,
      deliver: this.#deliver,
      settle: this.#settle,
      close: this.#close,
    };
    this.#persist = EMPTY_LIST;
    this.#send = EMPTY_LIST;
    this.#deliver = EMPTY_LIST;
    this.#settle = EMPTY_LIST;
    this.#close = undefined;
    this.#isEmpty = true;
    return batch;
  }

  persist(change: StoreChange): void {
    this.#isEmpty = false;
    this.#persist = append(this.#persist, change);
  }

  send(packet: Packet): void {
    this.#isEmpty = false;
    this.#send = append(this.#send, packet);
  }

  /** The connection is gone, and with it the use of what was to be sent on it. Returns that. */
  forgetSends(): readonly Packet[] {
    const packets = this.#send;
    this.#send = EMPTY_LIST;
    this.#close = undefined;
    return packets;
  }

  deliver(notification: Notification): void {
    this.#isEmpty = false;
    this.#deliver = append(this.#deliver, notification);
  }

  /** Operation 0 is nobody's: its user has gone, or there never was one. */
  settle(operation: number, packet: Packet | undefined, error?: MqttError): void {
    if (operation === 0) return;
    this.#isEmpty = false;
    this.#settle = append(this.#settle, { operation, packet, error });
  }

  close(error: MqttError | undefined): void {
    this.#isEmpty = false;
    this.#close ??= { error };
  }
}
