// Runs in an empty project that installed the package, in every runtime: only what all of them have is used here.
import { Client } from '@omqtt/core';
import { Session } from '@omqtt/core/session';

const session = new Session(
  {
    receiveMaximum: 10,
    topicAliasMaximum: 0,
    outboundAliases: 0,
    pingTimeoutMs: 1000,
    queue: { maxMessages: 10, maxBytes: 1000, whenFull: 'reject', qos0: 'drop' },
    whenLost: { qos1: 'republish', qos2: 'fail' },
    adopt: false,
    persists: false,
  },
  'smoke',
);
session.connect({ operation: 1, version: '5.0', cleanStart: true, keepAliveSeconds: 0, properties: {} }, 0);
session.receive({ type: 'connack', sessionPresent: false, reasonCode: 0 }, 0);
if (!session.isConnected) throw new Error('the session did not connect');

const client = new Client({ url: 'mqtt://nowhere', dial: () => Promise.reject(new Error('nowhere')) });
let code = 'connected';
try {
  await client.connect();
} catch (error) {
  code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
}
await client.close();
if (code !== 'dial-failed') throw new Error(`expected dial-failed, got ${code}`);
