import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { dialSocket } from '../src/dial-socket.ts';
import { connectionOver } from '../src/socket-connection.ts';
import { connected, expectSockets, facts, never, started } from './dialling.ts';
import { echo, serve } from './local-server.ts';
import { RecordingSink } from './recording-sink.ts';
import { echoElsewhere, endOf, fill } from './traffic.ts';

describe('the end', () => {
  test('the peer ends in order: closed without an error, after the last bytes', async () => {
    const { port } = await serve((socket) => socket.end('goodbye'));
    const { sink } = await started({ port });
    expect(await sink.ending()).toBeUndefined();
    expect(sink.text).toBe('goodbye');
    expect(sink.calls.at(-1)).toBe('closed');
  });

  test('the peer ends its half only: this side ends its own', async () => {
    const { port, accepted } = await serve();
    const { sink } = await started({ port });
    const peer = await accepted();
    peer.end();
    expect(await endOf(peer)).toBe(0);
    expect(await sink.ending()).toBeUndefined();
  });

  test('a reset is connection-lost', async () => {
    const { port, accepted } = await serve();
    const { connection, sink } = await started({ port });
    (await accepted()).resetAndDestroy();
    const error = await sink.ending();
    expect(error && facts(error)).toEqual({ code: 'connection-lost', phase: 'open', retryable: true });
    expect(error?.message).toContain(`127.0.0.1:${port}`);
    expect(connection.write(Buffer.from('nobody'))).toBe(true);
    await connection.close();
    expect(sink.calls).toEqual(['closed']);
  });

  test('a reset before the start is told after it', async () => {
    const { port, accepted } = await serve();
    const connection = await connected({ port });
    (await accepted()).resetAndDestroy();
    await expectSockets(0);
    const sink = new RecordingSink();
    connection.start(sink);
    expect(sink.calls).toEqual([]);
    expect(await sink.ending()).toMatchObject({ code: 'connection-lost' });
  });

  test('a socket that was reset before it became a connection is told as one', async () => {
    const { port, accepted } = await serve();
    const socket = await dialSocket({ host: '127.0.0.1', port }, {}, never());
    socket.resume();
    (await accepted()).resetAndDestroy();
    await new Promise((resolve) => socket.once('close', resolve));
    const connection = connectionOver(socket, { info: { peer: 'x', isSecure: false }, closeTimeoutMs: 1 });
    const sink = new RecordingSink();
    connection.start(sink);
    expect(await sink.ending()).toMatchObject({ code: 'connection-lost' });
  });

  test('close sends what was written, then ends', async () => {
    const { port, accepted } = await serve();
    const { connection, sink } = await started({ port });
    const written = fill((bytes) => connection.write(bytes));
    const received = endOf(await accepted());
    const peer = await accepted();
    peer.once('end', () => peer.end());
    await connection.close();
    expect(await received).toBe(written);
    expect(sink.endings).toEqual([undefined]);
  });

  test('[5.0 MQTT-3.14.4-2] [3.1.1 MQTT-3.14.4-1] close ends even if the peer never does', async () => {
    // The other end stays open: it has read all, and says nothing.
    const { port, accepted } = await serve();
    const { connection, sink } = await started({ port }, { closeTimeoutMs: 20 });
    connection.write(Uint8Array.of(0xe0, 0x00)); // DISCONNECT
    const [arrived] = (await once(await accepted(), 'data')) as [Buffer];
    expect([...arrived]).toEqual([0xe0, 0x00]);
    await connection.close();
    expect(sink.endings).toEqual([undefined]);
    (await accepted()).destroy();
    await expectSockets(0);
  });

  test('close tells that something was lost when the peer does not read it', async () => {
    const { port } = await serve();
    const { connection, sink } = await started({ port }, { closeTimeoutMs: 20 });
    fill((bytes) => connection.write(bytes));
    await connection.close();
    expect(sink.endings[0]).toMatchObject({ code: 'connection-lost', retryable: true });
    expect(sink.calls).toEqual(['closed']);
  });

  test('close of a paused connection ends, and nothing is handed over any more', async () => {
    const { port, accepted } = await serve();
    const { connection, sink } = await started({ port });
    connection.pause();
    const peer = await accepted();
    peer.write('nobody wants this');
    peer.once('end', () => peer.end()).resume();
    const closing = connection.close();
    connection.resume();
    await closing;
    expect(sink.calls).toEqual(['closed']);
  });

  test('close before the start ends, and the sink still hears of it', async () => {
    const { port } = await serve((socket) => socket.once('end', () => socket.end()).resume());
    const connection = await connected({ port });
    await connection.close();
    const sink = new RecordingSink();
    connection.start(sink);
    expect(await sink.ending()).toBeUndefined();
  });

  test('close and destroy can be called again and again', async () => {
    const { port } = await serve(echo);
    const { connection, sink } = await started({ port });
    const closings = [connection.close(), connection.close()];
    connection.destroy();
    connection.destroy();
    await Promise.all([...closings, connection.close()]);
    connection.destroy();
    expect(connection.write(Buffer.from('nobody'))).toBe(true);
    connection.pause();
    connection.resume();
    await echoElsewhere();
    expect(sink.calls).toEqual(['closed']);
  });

  test('destroy ends at once, without an error, and not within the call', async () => {
    const { port, accepted } = await serve();
    const { connection, sink } = await started({ port });
    fill((bytes) => connection.write(bytes));
    connection.destroy();
    expect(sink.calls).toEqual([]);
    expect(await sink.ending()).toBeUndefined();
    (await accepted()).destroy();
    await expectSockets(0);
  });

  test('a connection is started once', async () => {
    const { port } = await serve();
    const { connection } = await started({ port });
    expect(() => connection.start(new RecordingSink())).toThrow('once');
  });

  test('a peer that answers the end with a reset has got everything', async () => {
    const { port } = await serve((socket) => socket.once('end', () => socket.resetAndDestroy()).resume());
    const { connection, sink } = await started({ port });
    connection.write(Buffer.from('goodbye'));
    await connection.close();
    expect(sink.endings).toEqual([undefined]);
  });

  test('a reset before everything was sent is told, though this side was closing', async () => {
    const { port, accepted } = await serve();
    const { connection, sink } = await started({ port });
    fill((bytes) => connection.write(bytes));
    const closing = connection.close();
    (await accepted()).resetAndDestroy();
    await closing;
    expect(sink.endings[0]).toMatchObject({ code: 'connection-lost' });
  });

  test('a peer that has ended and reads nothing is cut off', async () => {
    const { port, accepted } = await serve();
    const { connection, sink } = await started({ port }, { closeTimeoutMs: 20 });
    fill((bytes) => connection.write(bytes));
    (await accepted()).end();
    expect(await sink.ending()).toBeUndefined();
  });
});
