import type { Target } from '@omqtt/contracts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { webSocket } from '../../src/platform/index.ts';
import { noAbort } from '../implementations.ts';
import { startRecording } from '../recording-sink.ts';

afterEach(() => vi.unstubAllGlobals());

const target: Target = { scheme: 'ws', host: 'broker.test', port: 8080, path: '/mqtt' };

/** A WebSocket whose events the test makes. */
class FakeWebSocket extends EventTarget {
  static last: FakeWebSocket;
  readonly url: string;
  readonly offered: readonly string[];
  readonly sent: Uint8Array[] = [];
  readonly closes: (readonly [number | undefined, string | undefined])[] = [];
  protocol = 'mqtt';
  binaryType = 'blob';
  bufferedAmount = 0;

  constructor(url: string, offered: readonly string[]) {
    super();
    this.url = url;
    this.offered = offered;
    FakeWebSocket.last = this;
  }

  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
    this.bufferedAmount += bytes.length;
  }

  close(code?: number, reason?: string): void {
    this.closes.push([code, reason]);
  }

  tell(type: string, facts: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(type), facts));
  }
}

async function openFake(options: Parameters<typeof webSocket>[0] = {}): Promise<{
  readonly socket: FakeWebSocket;
  readonly connection: Awaited<ReturnType<ReturnType<typeof webSocket>>>;
  readonly sink: ReturnType<typeof startRecording>;
}> {
  vi.stubGlobal('WebSocket', FakeWebSocket);
  const dialling = webSocket(options)(target, noAbort);
  const socket = FakeWebSocket.last;
  socket.tell('open');
  const connection = await dialling;
  return { socket, connection, sink: startRecording(connection) };
}

test('[5.0 MQTT-6.0.0-3] [3.1.1 MQTT-6.0.0-3] the platform is asked for the URL, mqtt and whole messages', async () => {
  const { socket, connection } = await openFake();
  expect([socket.url, socket.offered, socket.binaryType]).toEqual([
    'ws://broker.test:8080/mqtt',
    ['mqtt'],
    'arraybuffer',
  ]);
  expect(connection.info).toEqual({ peer: 'broker.test:8080', isSecure: false, protocol: 'mqtt' });
});

test('[5.0 MQTT-6.0.0-4] [3.1.1 MQTT-6.0.0-4] a platform that opens without a sub-protocol is checked on', async () => {
  vi.stubGlobal('WebSocket', FakeWebSocket);
  const dialling = webSocket()(target, noAbort);
  FakeWebSocket.last.protocol = '';
  FakeWebSocket.last.tell('open');
  await expect(dialling).rejects.toMatchObject({ code: 'websocket-refused', phase: 'websocket', retryable: false });
  expect(FakeWebSocket.last.closes).toHaveLength(1);
});

test.each<Partial<Target>>([
  { headers: { Authorization: 'Bearer abc' } },
  { proxy: 'http://proxy.test' },
  { tls: { insecure: true } },
  { tls: { pinnedFingerprints: ['ab'] } },
])('what the platform cannot do is refused, not left out: %j', async (more) => {
  await expect(webSocket()({ ...target, ...more }, noAbort)).rejects.toMatchObject({
    code: 'unsupported',
    phase: 'options',
    retryable: false,
  });
});

test('empty headers and TLS options ask for nothing', async () => {
  vi.stubGlobal('WebSocket', FakeWebSocket);
  const dialling = webSocket()({ ...target, headers: {}, tls: {} }, noAbort);
  FakeWebSocket.last.tell('open');
  await expect(dialling).resolves.toBeDefined();
});

test('a runtime without WebSocket says so', async () => {
  vi.stubGlobal('WebSocket', undefined);
  await expect(webSocket()(target, noAbort)).rejects.toMatchObject({ code: 'unsupported', retryable: false });
});

test('a WebSocket that the platform forbids is a rejection, not an exception', async () => {
  const forbidden = new DOMException('insecure', 'SecurityError');
  vi.stubGlobal('WebSocket', function Forbidden() {
    throw forbidden;
  });
  await expect(webSocket()(target, noAbort)).rejects.toMatchObject({ code: 'invalid-target', cause: forbidden });
});

test('an option of Node is refused', () => {
  expect(() => webSocket({ dialSocket: () => undefined } as object)).toThrow('dialSocket');
});

describe('a stalled socket', () => {
  test('is looked at after 4 ms, then less and less often, until it has drained', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { socket, connection, sink } = await openFake({ highWaterBytes: 100 });
      expect(connection.write(new Uint8Array(101))).toBe(false);
      vi.advanceTimersByTime(4 + 8 + 16 + 32 + 64 + 128);
      expect(vi.getTimerCount()).toBe(1);
      socket.bufferedAmount = 51;
      vi.advanceTimersByTime(128);
      expect(sink.drains).toBe(0);
      socket.bufferedAmount = 50;
      vi.advanceTimersByTime(127);
      expect(sink.drains).toBe(0);
      vi.advanceTimersByTime(1);
      expect(sink.drains).toBe(1);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each([
    {
      title: 'the connection is destroyed',
      end: ({ connection }: Awaited<ReturnType<typeof openFake>>) => connection.destroy(),
    },
    {
      title: 'the server is gone',
      end: ({ socket }: Awaited<ReturnType<typeof openFake>>) => socket.tell('close', { code: 1006, reason: '' }),
    },
  ])('is not looked at any more when $title', async ({ end }) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const open = await openFake({ highWaterBytes: 100 });
      open.connection.write(new Uint8Array(101));
      end(open);
      await open.sink.ending();
      expect(vi.getTimerCount()).toBe(0);
      expect(open.sink.drains).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

test('destroy does not wait for a platform that takes its time', async () => {
  const { connection, sink } = await openFake();
  connection.destroy();
  expect(await sink.ending()).toBeUndefined();
});

test('what the platform tells after destroy is not passed on', async () => {
  const { socket, connection, sink } = await openFake();
  connection.destroy();
  await sink.ending();
  socket.tell('message', { data: new ArrayBuffer(2) });
  socket.tell('close', { code: 1006, reason: '' });
  expect([sink.chunks, sink.endings]).toEqual([[], [undefined]]);
});

test('a fault of the peer is told with a code that pages may send', async () => {
  const { socket, sink } = await openFake();
  socket.tell('message', { data: 'text' });
  await sink.ending();
  expect(socket.closes).toEqual([[4003, 'The server sent a text frame; MQTT is binary.']]);
});
