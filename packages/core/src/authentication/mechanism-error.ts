import { MqttError } from '@omqtt/codec';

/** A ready-made mechanism gave up. Message and fields hold nothing secret: no password, token, key, salt or nonce. */
export class AuthMechanismError extends MqttError {
  override readonly code = 'authentication-failed';
  /** The Authentication Method that failed. */
  readonly method: string;
  /** The reason that a SCRAM server gave (`e=`); one that RFC 5802 does not list becomes `other-error`. */
  readonly serverError?: string;

  constructor(method: string, what: string, serverError?: string) {
    super(`${method} failed: ${what}`);
    this.method = method;
    if (serverError !== undefined) this.serverError = serverError;
  }
}
