/** A bridge, an embedded broker behind it, and a client of that broker. */
import { type Broker, type BrokerOptions, startBroker } from '@omqtt/broker';
import { type Client, connect } from 'omqtt';
import { onTestFinished } from 'vitest';
import type { BridgeOptions } from '../src/index.ts';
import { aBridge, ready, type TestBridge } from './a-bridge.ts';

export interface Setting {
  readonly broker: Broker;
  readonly bridge: TestBridge;
  readonly client: Client;
}

export async function withBroker(options: BridgeOptions = {}, brokerOptions: BrokerOptions = {}): Promise<Setting> {
  const broker = await startBroker(brokerOptions);
  onTestFinished(() => broker.close());
  const bridge = await aBridge({ brokers: { default: { url: broker.url } }, ...options });
  const client = await connect(broker.url);
  onTestFinished(() => client.close());
  await ready(bridge);
  return { broker, bridge, client };
}
