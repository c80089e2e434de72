/**
 * Everything that clients do, over and over: messages of all QoS levels to a handler and to a loop, requests, subscriptions that
 * come and go, clients that come and go, and connections that break whenever the parent breaks them.
 */
import { connect, type Client } from 'omqtt';
import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import type { SoakReport } from './protocol.ts';

const ROUND_MESSAGES = 200;
const TOPICS = 50;
const ROUND_MS = 50;

const [port = '', seconds = '', samples = ''] = process.argv.slice(2);
const url = `mqtt://127.0.0.1:${port}`;
const durationMs = Number(seconds) * 1000;
/** By number, how often each message at QoS 1 or 2 has come; those that are done with are forgotten. */
const arrivals = new Map<number, number>();
let [published, received, twice, requests, unanswered, connections] = [0, 0, 0, 0, 0, 0];
/** Every call gets it, so a call that forgets to stop listening is seen. */
const { signal } = new AbortController();

process.on('disconnect', () => process.exit(0));
await load();

async function load(): Promise<void> {
  const started = performance.now();
  const [here, there] = [await join('here'), await join('there')];
  await listen(there);
  let nextSample = 0;
  for (let round = 0; performance.now() - started < durationMs; round += 1) {
    const startedRound = performance.now();
    await playRound(here, there, round);
    const elapsed = performance.now() - started;
    if (elapsed >= nextSample) {
      nextSample += durationMs / Number(samples);
      await report(elapsed / 1000);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, ROUND_MS - (performance.now() - startedRound))));
  }
  await settle();
  await Promise.all([here.close(), there.close()]);
  tell({ type: 'end', published, received, missing: missing(), twice, requests, unanswered, connections });
  process.disconnect();
}

async function join(clientId: string, expirySeconds: number = 3600): Promise<Client> {
  connections += 1;
  // The connection may break in the middle of the first attempt as well.
  return connect(url, { clientId, session: { expirySeconds }, reconnect: { initial: true } });
}

async function listen(client: Client): Promise<void> {
  await client.subscribe('soak/handler/+', { qos: 2 }, ({ payload }) => count(payload)).ready;
  const loop = client.subscribe('soak/loop/+', { qos: 2 });
  await loop.ready;
  void (async () => {
    for await (const { payload } of loop) count(payload);
  })();
  await client.respond('soak/upper', (request) => request.text().toUpperCase()).ready;
}

async function playRound(here: Client, there: Client, round: number): Promise<void> {
  const promises: Promise<unknown>[] = [];
  for (let index = 0; index < ROUND_MESSAGES; index += 1) {
    const number = published;
    published += 1;
    const qos = (number % 3) as 0 | 1 | 2;
    if (qos > 0) arrivals.set(number, 0);
    const topic = `soak/${index % 2 === 0 ? 'handler' : 'loop'}/${number % TOPICS}`;
    const publishing = here.publish(topic, payloadOf(number, qos), { qos, signal });
    // Without a connection QoS 0 may be dropped, and says so.
    promises.push(qos === 0 ? publishing.catch(() => undefined) : publishing);
  }
  requests += 1;
  promises.push(
    here.request('soak/upper', 'hello', { timeoutMs: 10_000, signal }).catch(() => {
      // The connection broke between the question and the answer.
      unanswered += 1;
    }),
  );
  const passing = there.subscribe(`soak/passing/${round % 7}/#`);
  promises.push(passing.ready.then(() => passing.unsubscribe()));
  // A guest leaves no session, so what it says may be lost with its connection; it is told so.
  if (round % 10 === 9) promises.push(visit(round).catch(() => undefined));
  await Promise.all(promises);
  forgetDone();
}

/** Somebody comes, says something, and goes. */
async function visit(round: number): Promise<void> {
  const guest = await join(`guest-${round % 100}`, 0);
  await guest.publish('soak/guests', 'hello', { qos: 1 });
  await guest.close();
}

function payloadOf(number: number, qos: number): Uint8Array {
  const payload = new Uint8Array(64);
  const view = new DataView(payload.buffer);
  view.setUint32(0, number);
  view.setUint8(4, qos);
  return payload;
}

function count(payload: Uint8Array): void {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const [number, qos] = [view.getUint32(0), view.getUint8(4)];
  received += 1;
  if (qos === 0) return;
  const seen = (arrivals.get(number) ?? 0) + 1;
  if (qos === 2 && seen > 1) twice += 1;
  arrivals.set(number, seen);
}

/** What has come stays known for a while, so that one that comes again is noticed. */
function forgetDone(): void {
  if (arrivals.size < 20_000) return;
  for (const [number, seen] of arrivals) {
    if (number > published - 10_000) return;
    if (seen > 0) arrivals.delete(number);
  }
}

function missing(): number {
  return [...arrivals.values()].filter((seen) => seen === 0).length;
}

/** The last messages are still on their way. */
async function settle(): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (missing() > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function report(second: number): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    await turn();
    globalThis.gc?.();
  }
  const { external, rss } = process.memoryUsage();
  const [objects, code] = usedSpace();
  tell({
    type: 'sample',
    second,
    heapBytes: objects + external,
    codeBytes: code,
    residentBytes: rss,
    resources: process.getActiveResourcesInfo().length,
    listeners: countListeners(),
  });
}

/** Of the heap: by objects, and by what the engine makes of functions, which it goes on to do for a long time. */
function usedSpace(): readonly [objects: number, code: number] {
  let [objects, code] = [0, 0];
  for (const { space_name: name, space_used_size: used } of getHeapSpaceStatistics()) {
    if (/code|trusted/.test(name)) code += used;
    else objects += used;
  }
  return [objects, code];
}

function countListeners(): number {
  const ofProcess = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return ofProcess + getEventListeners(signal, 'abort').length;
}

function tell(message: SoakReport): void {
  process.send?.(message);
}
