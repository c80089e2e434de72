/** All that `npm start` runs, each part behind the one it needs; ended in the opposite order. */
import { startBroker } from '@omqtt/broker';
import { onPreferredPort } from './preferred-port.ts';
import { startThermometer } from './thermometer.ts';

export interface House {
  readonly addresses: Addresses;
  close(): Promise<void>;
}

export interface Addresses {
  readonly mqtt: string;
  readonly websocket: string;
}

export async function startHouse(): Promise<House> {
  const parts = new AsyncDisposableStack();
  try {
    const broker = await onPreferredPort(1883, (tcp) =>
      onPreferredPort(9001, (ws) =>
        startBroker({
          listeners: [
            { type: 'tcp', port: tcp },
            { type: 'ws', port: ws },
          ],
        }),
      ),
    );
    parts.use(broker);
    const thermometer = await startThermometer(broker.url);
    parts.defer(() => thermometer.close());
    const addresses = { mqtt: broker.url, websocket: broker.urls.ws ?? '' };
    return { addresses, close: () => parts.disposeAsync() };
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
}
