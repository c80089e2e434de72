/** Subscriptions that the broker has granted, and messages for them. */
import type { PublishPacket, QoS } from '@omqtt/codec';
import type { MessageHandler, SubscribeOptions, Subscription } from '../../src/index.ts';
import type { Bench } from './bench.ts';

export async function subscribed(
  { client, broker }: Pick<Bench, 'client' | 'broker'>,
  filters: string | readonly string[],
  { handler, ...options }: SubscribeOptions & { readonly handler?: MessageHandler } = {},
): Promise<Subscription> {
  const subscription = client.subscribe(filters, options, handler);
  const { packetId, subscriptions } = await broker.expect('subscribe');
  broker.send({ type: 'suback', packetId, reasonCodes: subscriptions.map(({ qos }) => qos) });
  await subscription.ready;
  return subscription;
}

/** From the server; QoS 1 with id 1 if nothing else is said. */
export function message(
  topic: string,
  text: string,
  { qos = 1, packetId = 1, ...rest }: Partial<Omit<PublishPacket, 'type' | 'topic' | 'payload'>> = {},
): PublishPacket {
  const id: { packetId?: number } = (qos satisfies QoS) === 0 ? {} : { packetId };
  return {
    type: 'publish',
    topic,
    payload: new TextEncoder().encode(text),
    qos,
    retain: false,
    dup: false,
    ...id,
    ...rest,
  };
}
