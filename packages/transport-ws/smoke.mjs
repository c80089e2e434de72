// Runs in an empty project that installed the package, in every runtime: only what all of them have is used here.
import { webSocket } from '@omqtt/transport-ws';

const dial = webSocket({ maxFrameBytes: 65_536 });
// Nobody listens there, and Deno does not even allow the try: each is a rejection with a code.
const target = { scheme: 'ws', host: '127.0.0.1', port: 9, path: '/mqtt' };
await expectCode(dial(target, AbortSignal.abort()), ['aborted']);
await expectCode(dial({ ...target, scheme: 'mqtt' }, AbortSignal.timeout(10_000)), ['invalid-target']);
await expectCode(dial({ ...target, proxy: 'http://127.0.0.1:9' }, AbortSignal.timeout(10_000)), ['unsupported']);
await expectCode(dial(target, AbortSignal.timeout(10_000)), [
  'connection-refused',
  'websocket-refused',
  'invalid-target',
]);

/** @param {Promise<unknown>} dialling @param {string[]} codes */
async function expectCode(dialling, codes) {
  const failure = await dialling.then(() => undefined, asFailure);
  if (!failure?.code || !codes.includes(failure.code)) {
    throw new Error(`Expected ${codes.join(' or ')}`, { cause: failure });
  }
}

/** @param {unknown} error */
function asFailure(error) {
  return /** @type {Error & { code?: string }} */ (error);
}
