/** A publisher that is called back: a promise for each message is a good part of what it costs at full speed. */
import type { MqttError } from '@omqtt/codec';
import type { Logger } from '@omqtt/contracts';
import { InvalidOptionError } from './errors.ts';
import { noLimits, type Operation, type ReadAnswer } from './operations.ts';
import type { PublishReceipt } from './publish-receipt.ts';

/**
 * Called once, after `publish` has returned: with an error, or with `undefined` and the receipt. What it throws goes to the
 * logger of the client.
 */
export type PublishCallback = (error: MqttError | undefined, receipt: PublishReceipt | undefined) => void;

export class CalledBack implements Operation<PublishReceipt> {
  number = 0;
  read: ReadAnswer<PublishReceipt> | undefined;
  stop: () => void = noLimits;
  readonly #callback: PublishCallback;
  readonly #logger: Logger;

  constructor(callback: PublishCallback, logger: Logger) {
    if (typeof callback !== 'function') throw new InvalidOptionError('callback', 'is a function');
    this.#callback = callback;
    this.#logger = logger;
  }

  resolve(receipt: PublishReceipt): void {
    this.#tell(undefined, receipt);
  }

  /** What is refused at once is told later, so that nobody is called back by the call itself. */
  reject(error: MqttError): void {
    queueMicrotask(() => this.#tell(error, undefined));
  }

  /** A callback that fails must not keep others from theirs. */
  #tell(error: MqttError | undefined, receipt: PublishReceipt | undefined): void {
    try {
      this.#callback(error, receipt);
    } catch (failure) {
      this.#logger.error('a callback of publish failed', { error: failure });
    }
  }
}
