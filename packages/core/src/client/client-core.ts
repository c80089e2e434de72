/** The parts of a client, and what they tell each other. All of them share it, so that a client is few objects. */
import type { MqttError, PublishPacket } from '@omqtt/codec';
import type { Logger } from '@omqtt/contracts';
import { type LostMessage, type Notification, Session, type Settlement } from '../session/index.ts';
import { Authenticator } from './authenticator.ts';
import { Connector } from './connector.ts';
import { Driver } from './driver.ts';
import { safeLogger } from './logging.ts';
import { Operations } from './operations.ts';
import type { ClientOptions, ClientWiring } from './options.ts';
import { Publishing } from './publishing.ts';
import { resolveOptions, type ResolvedOptions } from './resolve-options.ts';
import { StatusBoard } from './status.ts';
import { StoredState } from './stored-state.ts';
import { Subscribing } from './subscribing.ts';

export class ClientCore {
  readonly wiring: ClientWiring;
  readonly options: ResolvedOptions;
  readonly logger: Logger;
  readonly status: StatusBoard;
  readonly session: Session;
  readonly driver: Driver;
  readonly operations: Operations;
  /** None: the session is kept in memory only. */
  readonly store: StoredState | undefined;
  readonly connector: Connector;
  readonly publishing: Publishing;
  readonly subscribing: Subscribing;
  /** The client is told that nothing more will be tried. */
  readonly gaveUp: (error: MqttError) => void;
  #authenticator: Authenticator | undefined;

  constructor(wiring: ClientWiring, options: ClientOptions, gaveUp: (error: MqttError) => void) {
    this.wiring = wiring;
    this.options = resolveOptions(options);
    this.gaveUp = gaveUp;
    const { given, session, clientId } = this.options;
    this.logger = safeLogger(given.logger);
    this.session = new Session(session, clientId);
    this.status = new StatusBoard(this.logger);
    this.driver = new Driver(this);
    this.operations = new Operations(this);
    this.store = given.session?.store && new StoredState(this, given.session.store);
    this.connector = new Connector(this);
    this.publishing = new Publishing(this);
    this.subscribing = new Subscribing(this);
  }

  /** Made for those who authenticate. */
  get authenticator(): Authenticator {
    this.#authenticator ??= new Authenticator(this);
    return this.#authenticator;
  }

  // For the connector.

  async prepare(): Promise<void> {
    await this.store?.open();
  }

  // For the store.

  opened(): void {
    this.publishing.storeOpened();
    this.driver.storeOpened();
  }

  // For the operations.

  withdraw(operation: number, error: MqttError): void {
    this.publishing.withdraw(operation);
    this.session.cancel(operation, error, this.driver.now);
    this.driver.schedule();
  }

  // For the driver.

  handOn(message: PublishPacket): void {
    this.subscribing.handOn(message);
  }

  deliver(notification: Notification): void {
    switch (notification.type) {
      case 'message':
        this.subscribing.deliver(notification);
        return;
      case 'connected':
        this.subscribing.connected(notification.connack.sessionPresent);
        return;
      case 'subscription-lost':
        this.subscribing.lost(notification.filter, notification.reasonCode);
        return;
      case 'message-lost':
        this.#messageLost(notification);
        return;
      default:
        void this.authenticator.answer(notification);
    }
  }

  #messageLost({ topic, qos, error }: LostMessage): void {
    this.logger.warn('a message that nobody waits for was lost', { topic, qos, error });
    try {
      this.options.given.onMessageLost?.({ topic, qos, error });
    } catch (failure) {
      this.report('the hook for lost messages failed', failure);
    }
  }

  settle(settlement: Settlement): void {
    this.operations.settle(settlement);
  }

  ended(error: MqttError | undefined): void {
    this.#authenticator?.connectionEnded(error);
    this.connector.connectionEnded(error);
  }

  idle(): void {
    this.publishing.wake();
    this.store?.refill();
  }

  report(what: string, error: unknown): void {
    this.logger.error(what, { error });
  }
}
