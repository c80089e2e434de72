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
const PARTS = 6;

export interface Captured {
  readonly seconds: number;
  readonly packetsPerSecond: number;
  readonly sent: number;
  readonly decoded: number;
  readonly skippedBytes: number;
  /** Messages that the page got. */
  readonly pageMessages: number;
  /** Of the process: before, and after each sixth of the time. The store is full after two of them. */
  readonly residentBytes: readonly number[];
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
    const { last, skippedBytes } = await settled(inspector, sent);
    return {
      seconds,
      packetsPerSecond: (sent / elapsedMs) * 1000,
      sent,
      decoded: last,
      skippedBytes,
      pageMessages: page.messages(),
      residentBytes,
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
async function settled({ apiUrl, token }: InspectorUnderLoad, sent: number): Promise<ApiStatus> {
  const headers = { authorization: `Bearer ${token}` };
  for (let attempt = 0; ; attempt += 1) {
    const status = (await (await fetch(`${apiUrl}/api/status`, { headers })).json()) as ApiStatus;
    if (status.last >= sent || attempt >= 20) return status;
    await sleep(100);
  }
}
