/** What the broker throws at those who run it; clients get reason codes. */
import { MqttError } from '@omqtt/codec';

/** An option that cannot be used. */
export class BrokerOptionError extends MqttError {
  override readonly code = 'invalid-broker-option';
  /** Such as `limits.maximumQoS`. */
  readonly option: string;

  constructor(option: string, advice: string) {
    super(`${option} cannot be used: ${advice}`);
    this.option = option;
  }
}

/** A listener that could not be opened. */
export class ListenError extends MqttError {
  override readonly code = 'listen-failed';
  readonly address: string;

  constructor(address: string, cause: Error) {
    super(`cannot listen on ${address}: ${cause.message}; choose another port, or 0 for a free one`);
    this.address = address;
    this.cause = cause;
  }
}

/** The broker was closed, or has gone away. */
export class BrokerClosedError extends MqttError {
  override readonly code = 'broker-closed';

  constructor() {
    super('the broker is closed: start another one');
  }
}
