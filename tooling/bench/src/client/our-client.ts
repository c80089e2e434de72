/** `omqtt` under load, used as its documentation says. */
import { connect } from 'omqtt';
import { type Load, type LoadClient, type Received, TOPIC } from './loads.ts';
import { startPublishing } from './publish-loop.ts';

export async function openOurs(port: number): Promise<LoadClient> {
  const client = await connect(`mqtt://127.0.0.1:${port}`, { clientId: 'omqtt' });
  let onPayload: (payload: Uint8Array) => void = ignore;
  let isSubscribed = false;
  const subscribe = async (): Promise<void> => {
    if (isSubscribed) return;
    isSubscribed = true;
    await client.subscribe('bench/+', { qos: 2 }, ({ payload }) => onPayload(payload)).ready;
  };
  return {
    publish: (load) => startPublishing(client, load).finished,
    receive: async (load) => {
      await subscribe();
      return countPayloads(load, (listener) => {
        onPayload = listener;
      });
    },
    send: (payload) => void client.publish(TOPIC, payload),
    listen: async (listener) => {
      await subscribe();
      onPayload = listener;
    },
  };
}

/** Resolves with what has come when it is as much as the load has. */
export function countPayloads(
  { messages: expected }: Load,
  listen: (onPayload: (payload: Uint8Array) => void) => void,
): Promise<Received> {
  return new Promise((resolve) => {
    let [messages, bytes] = [0, 0];
    listen((payload) => {
      messages += 1;
      bytes += payload.length;
      if (messages === expected) resolve({ messages, bytes });
    });
  });
}

function ignore(): void {
  // Nothing is expected yet.
}
