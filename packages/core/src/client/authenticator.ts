/** Lets the user's mechanism talk with the server. */
import type { MqttError } from '@omqtt/codec';
import { ConnectionLostError, type Notification, OnlyInV5Error, type Session } from '../session/index.ts';
import type { Driver } from './driver.ts';
import { InvalidOptionError, NotConnectedError } from './errors.ts';
import type { Operations } from './operations.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import { unlessAborted, type WaitOptions, within } from './wait-limit.ts';

export interface AuthenticatorParts {
  readonly options: ResolvedOptions;
  readonly session: Session;
  readonly driver: Driver;
  readonly operations: Operations;
}

export class Authenticator {
  readonly #parts: AuthenticatorParts;
  /** Aborted with its connection, so that a slow answer does not reach the next one. */
  #connection: AbortController | undefined;

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
  }

  connectionEnded(error: MqttError | undefined): void {
    this.#connection?.abort(error ?? new ConnectionLostError());
    this.#connection = undefined;
  }

  get #signal(): AbortSignal {
    this.#connection ??= new AbortController();
    return this.#connection.signal;
  }

  /** A step of the server. */
  async answer(step: Extract<Notification, { type: 'challenge' | 'authenticated' }>): Promise<void> {
    const { session, driver } = this.#parts;
    const { auth: mechanism } = this.#parts.options.given;
    const signal = this.#signal;
    try {
      if (step.type === 'challenge') {
        const data = await mechanism?.challenge(step.data);
        if (!signal.aborted) session.continueAuthentication(data, driver.now);
      } else {
        await mechanism?.success(step.data);
        if (!signal.aborted) session.confirmAuthentication(driver.now);
      }
    } catch (error) {
      if (!signal.aborted) session.failAuthentication(error, driver.now);
    }
    if (!signal.aborted) driver.flush();
  }

  /** Authenticates again. An exchange that is given up leaves both sides in doubt, so its connection ends with it. */
  async reauthenticate(wait: WaitOptions): Promise<void> {
    const { session, driver, operations } = this.#parts;
    const { given, clock } = this.#parts.options;
    const { auth: mechanism } = given;
    const what = 'authenticating again';
    if (!this.#parts.options.isV5) throw new OnlyInV5Error('an authentication on a live connection');
    if (!session.isConnected) throw new NotConnectedError(what);
    if (mechanism === undefined) throw new InvalidOptionError('auth', 'is needed to authenticate again');
    const giveUp = new AbortController();
    let hasBegun = false;
    const exchange = async (): Promise<void> => {
      const data = await mechanism.start({ attempt: 1, isReauthentication: true, signal: giveUp.signal });
      giveUp.signal.throwIfAborted();
      await operations.begin(what, (operation) => {
        session.reauthenticate(operation, data, driver.now);
        hasBegun = true;
        driver.flush();
      });
    };
    try {
      await within(unlessAborted(exchange(), this.#signal), { ...wait, clock, what });
    } catch (error) {
      giveUp.abort(error);
      const isGivenUp =
        error instanceof Error && 'code' in error && ['timed-out', 'aborted'].includes(String(error.code));
      if (hasBegun && isGivenUp) driver.drop(new ConnectionLostError(error));
      throw error;
    }
  }
}
