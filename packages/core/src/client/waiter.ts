import type { MqttError } from '@omqtt/codec';

/** Somebody who was given a promise. */
export interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: MqttError) => void;
}
