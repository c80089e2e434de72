/** `omqtt` under load, used as its documentation says. */
import { connect } from 'omqtt';
import { type Load, type LoadClient, type Received, TOPIC } from './loads.ts';

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
    publish: ({ qos, payloadBytes, window, messages }) => {
      const payload = new Uint8Array(payloadBytes).fill(0x78);
      return new Promise((resolve, reject) => {
        let [sent, done] = [0, 0];
        const fill = (): void => {
          while (sent < messages && sent - done < window) {
            sent += 1;
            client.publish(TOPIC, payload, { qos }).then(answered, reject);
          }
        };
        const answered = (): void => {
          done += 1;
          if (done === messages) resolve();
          else fill();
        };
        fill();
      });
    },
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
