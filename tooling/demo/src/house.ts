/** All that `npm start` runs, each part behind the one it needs; ended in the opposite order. */
import { startBridge, type Bridge } from '@omqtt/bridge';
import { startBroker, type Broker } from '@omqtt/broker';
import { startInspector, type Inspector } from '@omqtt/inspector';
import { onPreferredPort } from './preferred-port.ts';
import { startThermometer } from './thermometer.ts';

export interface House {
  readonly addresses: Addresses;
  close(): Promise<void>;
}

export interface Addresses {
  readonly mqtt: string;
  readonly websocket: string;
  readonly http: string;
  readonly health: string;
  /** The page that shows the packets. */
  readonly page: string;
  /** Where clients connect to be seen there. */
  readonly watched: string;
}

export async function startHouse(): Promise<House> {
  const parts = new AsyncDisposableStack();
  try {
    const broker = parts.use(await openBroker());
    const inspector = parts.use(await openInspector(broker.url));
    const [watched = broker.url] = inspector.listeners;
    const bridge = parts.use(await openBridge(watched));
    const thermometer = await startThermometer(watched);
    parts.defer(() => thermometer.close());
    const { ws: websocket = '' } = broker.urls;
    const addresses = {
      mqtt: broker.url,
      websocket,
      http: bridge.url,
      health: `${bridge.adminUrl ?? ''}/readyz`,
      page: inspector.url ?? '',
      watched,
    };
    return { addresses, close: () => parts.disposeAsync() };
  } catch (error) {
    await parts.disposeAsync();
    throw error;
  }
}

async function openBroker(): Promise<Broker> {
  return onPreferredPort(1883, (tcp) =>
    onPreferredPort(9001, (ws) =>
      startBroker({
        listeners: [
          { type: 'tcp', port: tcp },
          { type: 'ws', port: ws },
        ],
      }),
    ),
  );
}

async function openInspector(upstream: string): Promise<Inspector> {
  return onPreferredPort(1884, (tcp) =>
    onPreferredPort(8088, (port) =>
      startInspector({ routes: [{ listen: `mqtt://127.0.0.1:${tcp}`, upstream }], ui: { port } }),
    ),
  );
}

async function openBridge(url: string): Promise<Bridge> {
  return onPreferredPort(8080, (http) =>
    onPreferredPort(9090, (ops) =>
      startBridge({ brokers: { default: { url } }, http: { port: http }, ops: { port: ops } }),
    ),
  );
}
