import { Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { connected, started } from './dialling.ts';
import { echo, ignore, serve } from './local-server.ts';
import { RecordingSink } from './recording-sink.ts';
import { echoElsewhere, endOf, fill } from './traffic.ts';

describe('bytes', () => {
  test('[5.0 MQTT-4.2-1] [3.1.1 MQTT-7.1.2-1] arrive complete and in order, both ways', async () => {
    const { port } = await serve(echo);
    const { connection, sink } = await started({ port });
    const sent = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
    for (let at = 0; at < sent.length; at += 1000) connection.write(sent.subarray(at, at + 1000));
    await sink.until(({ byteCount }) => byteCount === sent.length);
    expect(Buffer.concat(sink.chunks).equals(sent)).toBe(true);
  });

  test('of one turn leave together, in one call of the system when they are small', async () => {
    const { port, accepted } = await serve();
    const { connection } = await started({ port });
    const peer = await accepted();
    const [together, alone] = [vi.spyOn(Socket.prototype, '_writev'), vi.spyOn(Socket.prototype, '_write')];
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const received = endOf(peer);
    for (const size of [10, 20, 30]) {
      connection.write(new Uint8Array(size));
      await Promise.resolve();
    }
    expect(together).not.toHaveBeenCalled();
    peer.end();
    await connection.close();
    expect(await received).toBe(60);
    expect([together.mock.calls.length, alone.mock.calls.length]).toEqual([1, 0]);
  });

  test('that come before the start wait for it', async () => {
    const { port, accepted } = await serve((socket) => socket.write('early'));
    const connection = await connected({ port });
    const peer = await accepted();
    await vi.waitFor(() => expect(peer.writableLength).toBe(0));
    const sink = new RecordingSink();
    connection.start(sink);
    expect(sink.calls).toEqual([]);
    peer.end(' and late');
    await sink.ending();
    expect(sink.text).toBe('early and late');
  });

  test('are handed over as plain views, each for good', async () => {
    const { port, accepted } = await serve();
    const { sink } = await started({ port });
    const peer = await accepted();
    for (let value = 0; value < 50; value += 1) {
      const before = sink.byteCount;
      peer.write(Buffer.alloc(100, value));
      await sink.until(({ byteCount }) => byteCount === before + 100);
    }
    expect(new Set(sink.chunks.map((chunk) => chunk.constructor))).toEqual(new Set([Uint8Array]));
    const expected = Buffer.concat(Array.from({ length: 50 }, (_, value) => Buffer.alloc(100, value)));
    expect(Buffer.concat(sink.chunks).equals(expected)).toBe(true);
  });
});

describe('back-pressure', () => {
  test('a peer that does not read makes write return false, and drained comes once when it does', async () => {
    const { port, accepted } = await serve();
    const { connection, sink } = await started({ port });
    const peer = await accepted();
    const written = fill((bytes) => connection.write(bytes));
    expect(connection.write(new Uint8Array(10))).toBe(false);
    expect(sink.calls).toEqual([]);
    const received = endOf(peer);
    await sink.until(({ calls }) => calls.includes('drained'));
    peer.end();
    await connection.close();
    expect(await received).toBe(written + 10);
    expect(sink.calls).toEqual(['drained', 'closed']);
  });

  test('drained that was due before the start comes after it', async () => {
    const { port, accepted } = await serve();
    const connection = await connected({ port });
    const written = fill((bytes) => connection.write(bytes));
    const peer = await accepted();
    let read = 0;
    const all = new Promise<void>((resolve) => {
      peer.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read === written) resolve();
      });
    });
    await all;
    const sink = new RecordingSink();
    connection.start(sink);
    await sink.until(({ calls }) => calls.includes('drained'));
    expect(sink.calls).toEqual(['drained']);
  });

  test('pause stops the peer, and resume loses nothing', async () => {
    const { port, accepted } = await serve();
    const { connection, sink } = await started({ port });
    const peer = await accepted();
    peer.write('first');
    await sink.until(({ text }) => text === 'first');
    connection.pause();
    const written = fill((bytes) => peer.write(bytes));
    // What the peer still cannot send shows that this side does not read it.
    await echoElsewhere();
    expect(sink.text).toBe('first');
    expect(peer.writableLength).toBeGreaterThan(0);
    connection.resume();
    await sink.until(({ byteCount }) => byteCount === written + 5);
  });

  test('pause before the start holds from the start', async () => {
    const { port, accepted } = await serve((socket) => socket.write('early'));
    const connection = await connected({ port });
    await accepted();
    connection.pause();
    const sink = new RecordingSink();
    connection.start(sink);
    await echoElsewhere();
    expect(sink.calls).toEqual([]);
    connection.resume();
    await sink.until(({ text }) => text === 'early');
  });

  test('resume does not start what was not started', async () => {
    const { port } = await serve((socket) => socket.end('early'));
    const connection = await connected({ port });
    connection.resume();
    await echoElsewhere();
    const sink = new RecordingSink();
    connection.start(sink);
    await sink.ending();
    expect(sink.text).toBe('early');
  });

  test('pause within bytes holds at once', async () => {
    const { port, accepted } = await serve();
    const connection = await connected({ port });
    const chunks: number[] = [];
    connection.start({
      bytes(chunk) {
        chunks.push(chunk.length);
        connection.pause();
      },
      drained: ignore,
      closed: ignore,
    });
    const peer = await accepted();
    fill((bytes) => peer.write(bytes));
    await vi.waitFor(() => expect(chunks.length).toBe(1));
    await echoElsewhere();
    expect(chunks.length).toBe(1);
  });
});
