// Runs in an empty project that installed the package, on every Node that it promises.
import { BridgeConfigError, startBridge } from '@omqtt/bridge';

const bridge = await startBridge({ http: { port: 0 }, ops: { port: 0 } });
try {
  const topic = `${bridge.url}/v1/topics/smoke`;
  let put = await fetch(topic, { method: 'PUT', body: '21.5' });
  // The embedded broker may not be connected to yet.
  for (; put.status === 503; put = await fetch(topic, { method: 'PUT', body: '21.5' }));
  if (put.status !== 200) throw new Error(`PUT was answered with ${put.status}`);
  const text = await (await fetch(topic)).text();
  if (text !== '21.5') throw new Error(`what was retained is ${text}`);
} finally {
  await bridge.close();
}

const wrong = /** @type {import('@omqtt/bridge').BridgeOptions} */ ({ http: { port: -1 } });
const refusal = await startBridge(wrong).catch(/** @param {unknown} error */ (error) => error);
if (!(refusal instanceof BridgeConfigError)) throw new Error('a wrong option was not refused');
