/** What the page of the browser test can do; the test calls it from outside. */
import { connect, type Client, type Status } from 'omqtt';

export interface OmqttPage {
  connect(url: string): Promise<number | undefined>;
  /** Publishes the text to itself, and returns what arrived. */
  roundTrip(text: string): Promise<string>;
  /** Resolves with the number of the next connection. */
  readonly reconnected: () => Promise<number>;
  close(): Promise<void>;
}

let client: Client | undefined;

const page: OmqttPage = {
  async connect(url) {
    client = await connect(url, { reconnect: { initialMs: 10, maxMs: 200 } });
    return client.connection?.number;
  },
  async roundTrip(text) {
    if (client === undefined) throw new Error('The page is not connected.');
    await using subscription = client.subscribe('page/+', { qos: 2 });
    await subscription.ready;
    await client.publish('page/1', text, { qos: 2 });
    return (await subscription.next({ timeoutMs: 10_000 })).text();
  },
  reconnected: () =>
    new Promise((resolve) => {
      const stop = client?.on('status', (status: Status) => {
        if (status.type !== 'connected') return;
        stop?.();
        resolve(status.connection.number);
      });
    }),
  async close() {
    await client?.close();
  },
};

Object.assign(globalThis, { omqttPage: page });
