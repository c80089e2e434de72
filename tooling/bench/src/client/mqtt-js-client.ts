/** MQTT.js under load, in 5.0, used as its documentation says. */
import { connectAsync } from 'mqtt';
import { type LoadClient, payloadOf, TOPIC } from './loads.ts';
import { countPayloads } from './our-client.ts';

export async function openMqttJs(port: number): Promise<LoadClient> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, clientId: 'MQTT.js' });
  let onPayload: (payload: Uint8Array) => void = ignore;
  let isSubscribed = false;
  const subscribe = async (): Promise<void> => {
    if (isSubscribed) return;
    isSubscribed = true;
    client.on('message', (_topic, payload) => onPayload(payload));
    await client.subscribeAsync('bench/+', { qos: 2 });
  };
  return {
    publish: (load) => {
      const { qos, window, messages } = load;
      const given = payloadOf(load);
      const payload = typeof given === 'string' ? given : Buffer.from(given.buffer);
      return new Promise((resolve, reject) => {
        let [sent, done] = [0, 0];
        const fill = (): void => {
          while (sent < messages && sent - done < window) {
            sent += 1;
            client.publish(TOPIC, payload, { qos }, answered);
          }
        };
        const answered = (error?: Error | null): void => {
          if (error) reject(error);
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
    send: (payload) => void client.publish(TOPIC, Buffer.from(payload)),
    listen: async (listener) => {
      await subscribe();
      onPayload = listener;
    },
  };
}

function ignore(): void {
  // Nothing is expected yet.
}
