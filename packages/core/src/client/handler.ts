/** The handler form of a subscription: so many messages at once, each acknowledged when its handler has ended. */
import type { Message } from './message.ts';
import type { Subscription } from './subscription.ts';

export type MessageHandler = (message: Message) => unknown;

/** Runs until the subscription ends. A handler that fails does not end it; `report` gets to know. */
export function runHandler(
  subscription: Subscription,
  handler: MessageHandler,
  report: (error: unknown, message: Message) => void,
): void {
  const { concurrency = 1 } = subscription.options;
  const iterator = subscription.feed();
  for (let worker = 0; worker < concurrency; worker += 1) void work(iterator);

  async function work(messages: () => Promise<Message | undefined>): Promise<void> {
    for (let message = await messages(); message !== undefined; message = await messages()) {
      await handle(message);
    }
  }

  async function handle(message: Message): Promise<void> {
    const { ack = 'on-success', onError = 'nack' } = subscription.options;
    try {
      await handler(message);
      if (ack === 'on-success') message.ack();
    } catch (error) {
      report(error, message);
      if (ack !== 'on-success' || onError === 'leave') return;
      if (onError === 'ack') message.ack();
      else message.nack();
    }
  }
}
