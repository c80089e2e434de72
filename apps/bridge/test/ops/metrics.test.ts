import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { anonymous } from '../../src/access/principal.ts';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import { type LongLived, StreamRegistry } from '../../src/events/stream-registry.ts';
import { BYTES, Counter, Histogram } from '../../src/ops/metrics.ts';
import type { BridgeOptions } from '../../src/index.ts';
import { aBridge, type TestBridge } from '../a-bridge.ts';
import { openStream } from '../event-stream.ts';
import { withBroker } from '../with-broker.ts';

afterEach(() => void vi.useRealTimers());

async function metricsOf({ adminUrl = '' }: TestBridge): Promise<string> {
  return (await fetch(`${adminUrl}/metrics`)).text();
}

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'omqtt-metrics-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('the guide names each metric with its type and its labels', async () => {
  const bridge = await aBridge({
    outbox: { enabled: true, path: aFolder() },
    brokers: { default: { url: 'mqtt://127.0.0.1:1' } },
  });
  const types = [...(await metricsOf(bridge)).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  const guide = readFileSync(new URL('../../../../docs/guide/bridge.md', import.meta.url), 'utf8');
  const rows = [...guide.matchAll(/^\| `(omqtt_\w+)(?:\{[\w,]*\})?` +\| (\w+) /gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  expect(rows.toSorted()).toEqual(types.toSorted());
});

test('each answer counts once: a problem, a stream when it ends, and a socket when it is one', async () => {
  const { bridge } = await withBroker();
  await bridge.call('GET', '/v1/events');
  await bridge.call('GET', '/v1/nowhere');
  const stream = await openStream(`${bridge.url}/v1/events?filter=a`);
  await stream.json('ready');
  const during = await metricsOf(bridge);
  expect(during).toContain('omqtt_streams{mode="live"} 1\n');
  expect(during).not.toContain('{route="/v1/events",method="GET",status="200"}');
  stream.close();
  const socket = new WebSocket(`${bridge.url.replace('http', 'ws')}/v1/ws`);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  await vi.waitUntil(async () => (await metricsOf(bridge)).includes('omqtt_streams{mode="live"} 0\n'));
  const after = await metricsOf(bridge);
  socket.close();
  expect(after).toContain('{route="/v1/events",method="GET",status="400"} 1\n');
  expect(after).toContain('{route="none",method="GET",status="404"} 1\n');
  expect(after).toContain('{route="/v1/events",method="GET",status="200"} 1\n');
  expect(after).toContain('{route="/v1/ws",method="GET",status="101"} 1\n');
  expect(after).toContain('omqtt_streams{mode="socket"} 1\n');
  expect(after).toContain('omqtt_http_request_duration_seconds_count 4\n');
});

const guarded: BridgeOptions = {
  access: {
    keys: [{ id: 'few', role: 'few', secrets: [{ sha256: hash('sha256', 'secret', 'hex') }] }],
    basic: { enabled: true, role: 'few' },
    roles: {
      few: {
        rules: [{ actions: ['publish', 'subscribe'], filters: ['#'] }],
        limits: { messagesPerSecond: 0.01, messageBurst: 1, bytesPerSecond: 10, streams: 1 },
      },
    },
  },
};

test('who is not let in counts by the kind of credentials, and never by what they are', async () => {
  const { bridge } = await withBroker(guarded);
  const ask = (headers: Record<string, string>, path = '/v1/whoami'): Promise<unknown> =>
    bridge.call('GET', path, { headers });
  await ask({});
  await ask({ authorization: 'Bearer omq_few_wrong' });
  await ask({ 'x-api-key': 'omq_few_wrong' });
  await ask({ authorization: 'bearer a.b.c' });
  await ask({}, '/v1/events?filter=a&ticket=used');
  const text = await metricsOf(bridge);
  const counts = [...text.matchAll(/^omqtt_auth_failures_total(\S+) (\d+)$/gm)].map(([, labels, count]) => [
    labels,
    count,
  ]);
  expect(counts).toEqual([
    ['{kind="none"}', '1'],
    ['{kind="key"}', '2'],
    ['{kind="token"}', '1'],
    ['{kind="ticket"}', '1'],
  ]);
});

test('what is more than a caller may counts by the limit', async () => {
  const { bridge } = await withBroker(guarded);
  const headers = { authorization: 'Bearer omq_few_secret' };
  const limitOf = async (body: string): Promise<unknown> => {
    return (await bridge.call('POST', '/v1/topics/a', { body, headers })).body['limit'];
  };
  expect(await limitOf('more than ten bytes')).toBe('bytes');
  const stream = await openStream(`${bridge.url}/v1/events?filter=a`, { headers });
  await stream.json('ready');
  expect((await bridge.call('GET', '/v1/events?filter=a', { headers })).body['code']).toBe('stream-limit');
  expect(await limitOf('1')).toBe('messages');
  const lines = '{"topic":"a"}\n{"topic":"a"}\n';
  const ndjson = { ...headers, 'content-type': 'application/x-ndjson' };
  await bridge.call('POST', '/v1/publish/stream', { body: lines, headers: ndjson });
  const text = await metricsOf(bridge);
  expect(text).toContain('omqtt_rate_limited_total{kind="bytes"} 1\n');
  expect(text).toContain('omqtt_rate_limited_total{kind="messages"} 3\n');
  expect(text).toContain('omqtt_rate_limited_total{kind="streams"} 1\n');
});

test('requests over MQTT count by what became of them, with the time that they took', async () => {
  const { bridge, client } = await withBroker();
  await client.respond('echo', (request) => request.payload).ready;
  await bridge.call('POST', '/v1/requests/echo', { body: 'x' });
  await bridge.call('POST', '/v1/requests/nobody', { body: 'x' });
  const text = await metricsOf(bridge);
  expect(text).toContain('omqtt_rpc_seconds_count{outcome="answered"} 1\n');
  expect(text).toContain('omqtt_rpc_seconds_count{outcome="no-responder"} 1\n');
  expect(text).toMatch(/omqtt_rpc_seconds_bucket\{outcome="answered",le="0.001"\} [01]\n/);
  expect(text).toContain('omqtt_rpc_late_replies_total{broker="default"} 0\n');
});

test('the outbox tells how much it holds, and since when', async () => {
  const outbox = { enabled: true, path: aFolder() };
  const bridge = await aBridge({ outbox, brokers: { default: { url: 'mqtt://127.0.0.1:1' } } });
  expect(await metricsOf(bridge)).toContain('omqtt_outbox_age_seconds{broker="default"} 0\n');
  const headers = { prefer: 'respond-async' };
  await bridge.call('POST', '/v1/topics/a', { body: '1', headers });
  await bridge.call('POST', '/v1/topics/a', { body: '2', headers });
  await vi.waitUntil(async () => !/omqtt_outbox_age_seconds\{broker="default"\} 0\n/.test(await metricsOf(bridge)));
  expect(await metricsOf(bridge)).toContain('omqtt_outbox_depth{broker="default"} 2\n');
});

test('what open streams have not taken is looked at once a second', () => {
  vi.useFakeTimers();
  const lag = new Histogram('lag', 'Bytes.', BYTES);
  const registry = new StreamRegistry(resolveConfig({}).streams, lag);
  const idle: LongLived = { fullForMs: 0, waitingBytes: 0, beat: nothing, bye: nothing, onClose: nothing };
  registry.add(idle, anonymous, 'live');
  registry.add({ ...idle, waitingBytes: 70_000 }, anonymous, 'socket');
  registry.add({ ...idle, waitingBytes: 5 }, anonymous, 'wait');
  vi.advanceTimersByTime(2000);
  registry.closeAll();
  const text = lag.text();
  expect(text).toContain('lag_bucket{le="0"} 2\n');
  expect(text).toContain('lag_bucket{le="65536"} 2\n');
  expect(text).toContain('lag_bucket{le="262144"} 4\n');
  expect(text).toContain('lag_count 4\n');
});

test('a metric does not grow beyond its limit, whatever its labels are', () => {
  const counter = new Counter('c', 'Things.');
  const histogram = new Histogram('h', 'Things.', [1]);
  for (let label = 0; label < 3000; label += 1) {
    counter.add({ label });
    histogram.observeWith({ label }, 1);
  }
  expect(counter.text().match(/^c\{/gm)).toHaveLength(2000);
  expect(histogram.text().match(/^h_count\{/gm)).toHaveLength(2000);
});

function nothing(): void {
  // Not asked for here.
}
