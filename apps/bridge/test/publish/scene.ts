/** A bridge before a broker that the test scripts. */
import { type PacketOf, type ScriptedBroker, scriptedBroker } from '@omqtt/testkit';
import { onTestFinished, vi } from 'vitest';
import type { BridgeOptions } from '../../src/index.ts';
import { aBridge, ready, type TestBridge } from '../a-bridge.ts';

export interface Scene {
  readonly broker: ScriptedBroker;
  readonly bridge: TestBridge;
}

/** One connection, so that the script knows where everything comes. */
export async function scene(
  connack: PacketOf<'connack'>['properties'] = {},
  options: BridgeOptions = {},
): Promise<Scene> {
  const broker = scriptedBroker();
  const bridge = await aBridge({
    brokers: { default: { url: 'mqtt://scripted', connections: 1 } },
    dial: broker.dial,
    publish: { ackTimeoutMs: 3000 },
    ...options,
  });
  await broker.acceptConnection({ properties: connack });
  await ready(bridge);
  onTestFinished(() => broker.cut());
  return { broker, bridge };
}

export async function metricsOf({ adminUrl = '' }: TestBridge): Promise<string> {
  return (await fetch(`${adminUrl}/metrics`)).text();
}

/** Until so many messages wait for their turn. */
export async function queued(bridge: TestBridge, count: number): Promise<void> {
  await vi.waitUntil(async () => (await metricsOf(bridge)).includes(`omqtt_waiting{broker="default"} ${count}\n`));
}

export const publish = (bridge: TestBridge, query = ''): ReturnType<TestBridge['call']> => {
  return bridge.call('POST', `/v1/topics/a${query}`, { body: 'x' });
};
