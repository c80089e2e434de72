/** 20 000 packets a second, with a page that follows them: is all of it decoded, and does memory stay? */
import { encode } from '@omqtt/codec';
import type { ApiStatus, PageMessage } from '@omqtt/inspector';
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { startUnderLoad, type InspectorUnderLoad } from './inspector-under-load.ts';

const PACKETS_PER_SECOND = 20_000;
const STEP_MS = 10;
/** While the store is filled: more may not wait to be decoded. */
const MOST_AHEAD = 50_000;
/** Enough to fill any store: it keeps a million records at most. */
const MOST_FILLING = 1_500_000;
const PARTS = 6;

export interface Captured {
  readonly seconds: number;
  readonly packetsPerSecond: number;
  readonly sent: number;
  readonly decoded: number;
  readonly skippedBytes: number;
  /** Messages that the page got. */
  readonly pageMessages: number;
  /** Of the process, before anything came. */
  readonly emptyBytes: number;
  /** Of the process, once the store was full, and after each sixth of the time: all records are replaced in it. */
  readonly residentBytes: readonly number[];
  readonly filledWith: number;
  /** Share of one core. */
  readonly cpu: number;
}

export async function measureCapture(seconds: number): Promise<Captured> {
  const sink = createServer((socket) => void socket.on('error', () => socket.destroy()).resume());
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
  const inspector = await startUnderLoad((sink.address() as AddressInfo).port, true);
  const page = await openPage(inspector);
  const client = createConnection(inspector.port, '127.0.0.1');
  try {
    await once(client, 'connect');
    const { residentBytes: emptyBytes } = await inspector.usage();
    const filledWith = await fill(client, inspector);
    const before = await inspector.usage();
    const started = performance.now();
    const residentBytes = [before.residentBytes];
    let sent = 0;
    let late = before;
    for (let part = 0; part < PARTS; part += 1) {
      sent += await load(client, seconds / PARTS);
      late = await inspector.usage();
      residentBytes.push(late.residentBytes);
    }
    const elapsedMs = performance.now() - started;
    const { last, skippedBytes } = await settled(inspector, filledWith + sent);
    return {
      seconds,
      packetsPerSecond: (sent / elapsedMs) * 1000,
      sent,
      decoded: last - filledWith,
      skippedBytes,
      pageMessages: page.messages(),
      emptyBytes,
      residentBytes,
      filledWith,
      cpu: (late.cpuMicroseconds - before.cpuMicroseconds) / 1000 / elapsedMs,
    };
  } finally {
    client.destroy();
    page.close();
    await inspector.stop();
    sink.close();
  }
}

const packet = encode(
  { type: 'publish', topic: 'sensors/1/temperature', payload: new Uint8Array(64), qos: 0, dup: false, retain: false },
  '5.0',
);

/** Sends as fast as it is decoded, until records have to go. Returns how many packets that took. */
async function fill(client: Socket, inspector: InspectorUnderLoad): Promise<number> {
  const batch = Buffer.concat(Array.from({ length: 1000 }, () => packet));
  for (let sent = 0; ; sent += 1000) {
    let status = await statusOf(inspector);
    while (sent - status.last > MOST_AHEAD) {
      await sleep(STEP_MS);
      status = await statusOf(inspector);
    }
    if (status.dropped > 0 || sent >= MOST_FILLING) {
      await settled(inspector, sent);
      return sent;
    }
    if (!client.write(batch)) await once(client, 'drain');
  }
}

/** Keeps the pace by the clock, not by the timer. Returns how many packets it sent. */
async function load(client: Socket, seconds: number): Promise<number> {
  const started = performance.now();
  let sent = 0;
  for (let elapsedMs = 0; elapsedMs < seconds * 1000; elapsedMs = performance.now() - started) {
    const due = Math.floor((elapsedMs / 1000) * PACKETS_PER_SECOND) - sent;
    if (due > 0 && !client.write(Buffer.concat(Array.from({ length: due }, () => packet)))) await once(client, 'drain');
    sent += Math.max(0, due);
    await sleep(STEP_MS);
  }
  return sent;
}

async function openPage({ apiUrl, token }: InspectorUnderLoad): Promise<{ messages(): number; close(): void }> {
  const headers = { origin: apiUrl, authorization: `Bearer ${token}` };
  const socket = new WebSocket(`${apiUrl.replace('http', 'ws')}/api/socket`, { headers });
  let messages = 0;
  socket.on('message', () => (messages += 1));
  await once(socket, 'open');
  const say = (message: PageMessage): void => socket.send(JSON.stringify(message));
  say({ type: 'window', from: 0, count: 50, follow: true });
  say({ type: 'watch', subjects: ['connections', 'topics', 'statistics', 'timeline'] });
  return { messages: () => messages, close: () => socket.terminate() };
}

/** What is on its way has two seconds to be decoded. */
async function settled(inspector: InspectorUnderLoad, sent: number): Promise<ApiStatus> {
  for (let attempt = 0; ; attempt += 1) {
    const status = await statusOf(inspector);
    if (status.last >= sent || attempt >= 20) return status;
    await sleep(100);
  }
}

async function statusOf({ apiUrl, token }: InspectorUnderLoad): Promise<ApiStatus> {
  const headers = { authorization: `Bearer ${token}` };
  return (await (await fetch(`${apiUrl}/api/status`, { headers })).json()) as ApiStatus;
}
