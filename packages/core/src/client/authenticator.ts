/** Lets the user's mechanism talk with the server. */
import type { AuthMechanism } from '../authentication/mechanism.ts';
import type { Notification, Session } from '../session/index.ts';
import type { Driver } from './driver.ts';

export class Authenticator {
  readonly #mechanism: AuthMechanism | undefined;
  readonly #session: Session;
  readonly #driver: Driver;
  /** Counts the connections, so that a slow answer does not reach the wrong one. */
  #connection = 0;

  constructor(mechanism: AuthMechanism | undefined, session: Session, driver: Driver) {
    this.#mechanism = mechanism;
    this.#session = session;
    this.#driver = driver;
  }

  connectionEnded(): void {
    this.#connection += 1;
  }

  /** A step of the server. */
  async answer(step: Extract<Notification, { type: 'challenge' | 'authenticated' }>): Promise<void> {
    const connection = this.#connection;
    const mechanism = this.#mechanism;
    const isStale = (): boolean => connection !== this.#connection;
    try {
      if (step.type === 'challenge') {
        const data = await mechanism?.challenge(step.data);
        if (!isStale()) this.#session.continueAuthentication(data, this.#driver.now);
      } else {
        await mechanism?.success(step.data);
        if (!isStale()) this.#session.confirmAuthentication(this.#driver.now);
      }
    } catch (error) {
      if (!isStale()) this.#session.failAuthentication(error, this.#driver.now);
    }
    if (!isStale()) this.#driver.flush();
  }

  /** The data to begin a re-authentication with. */
  async begin(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#mechanism?.start({ attempt: 1, isReauthentication: true, signal });
  }
}
