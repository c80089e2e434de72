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
  const { concurrency = 1, ack = 'on-success', onError = 'nack' } = subscription.options;
  const next = subscription.feed();
  for (let worker = 0; worker < concurrency; worker += 1) void work();

  async function work(): Promise<void> {
    for (let message = await next(); message !== undefined; message = await next()) await handle(message);
  }

  async function handle(message: Message): Promise<void> {
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
