import type { Connection } from '@omqtt/contracts';
import { describe, expect, test } from 'vitest';
import { implementations, noAbort } from './implementations.ts';
import { startRecording, type RecordingSink } from './recording-sink.ts';
import { BINARY, CLOSE, frame, scriptedServer, type ScriptedPeer } from './scripted-server.ts';

const disconnect = [0xe0, 0x01, 0x8e];

/** The payload of a close frame: two bytes of code, then text. */
function closing(code: number, reason = ''): Buffer {
  return frame(CLOSE, Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason)]));
}

describe.each(implementations)('$name', ({ webSocket }) => {
  async function open(
    options: Parameters<typeof webSocket>[0] = {},
  ): Promise<{ peer: ScriptedPeer; connection: Connection; sink: RecordingSink }> {
    const server = await scriptedServer();
    const dialling = webSocket(options)(server.target, noAbort);
    const peer = await server.peer();
    await peer.accept();
    const connection = await dialling;
    return { peer, connection, sink: startRecording(connection) };
  }

  test('close sends what was written, then code 1000, and resolves when the connection is gone', async () => {
    const { peer, connection, sink } = await open();
    connection.write(Uint8Array.from(disconnect));
    const closed = connection.close();
    expect((await peer.frame()).payload).toEqual(Buffer.from(disconnect));
    const farewell = await peer.frame();
    expect([farewell.opcode, farewell.payload.readUInt16BE(0)]).toEqual([CLOSE, 1000]);
    peer.socket.end(closing(1000));
    await closed;
    expect(await sink.ending()).toBeUndefined();
    expect(sink.endings).toHaveLength(1);
  });

  test('close does not wait for ever when the server does not answer', async () => {
    const { connection, sink } = await open({ closeTimeoutMs: 20 });
    await connection.close();
    expect(await sink.ending()).toBeUndefined();
  });

  test('close can be called again, also when all is over', async () => {
    const { peer, connection, sink } = await open();
    const closing1 = connection.close();
    const closing2 = connection.close();
    await peer.frame();
    peer.socket.end(closing(1000));
    await Promise.all([closing1, closing2, connection.close()]);
    await sink.ending();
    expect(sink.endings).toHaveLength(1);
  });

  test('close works in a pause', async () => {
    const { peer, connection, sink } = await open();
    connection.pause();
    const closed = connection.close();
    await peer.frame();
    peer.socket.end(closing(1000));
    await closed;
    expect(await sink.ending()).toBeUndefined();
  });

  test('destroy ends at once and is no error', async () => {
    const { connection, sink } = await open();
    connection.destroy();
    connection.destroy();
    expect(await sink.ending()).toBeUndefined();
    await connection.close();
    expect(sink.endings).toHaveLength(1);
  });

  test('write after the end is refused without an exception', async () => {
    const { connection, sink } = await open();
    connection.destroy();
    expect(connection.write(Uint8Array.of(0xc0, 0x00))).toBe(false);
    await sink.ending();
    expect(connection.write(Uint8Array.of(0xc0, 0x00))).toBe(false);
  });

  test.each([1000, 1001])('a server that ends with code %i ends in order', async (code) => {
    const { peer, sink } = await open();
    peer.socket.end(Buffer.concat([frame(BINARY, Uint8Array.from(disconnect)), closing(code)]));
    expect(await sink.ending()).toBeUndefined();
    expect([...sink.received]).toEqual(disconnect);
  });

  test('a close frame without a code ends in order', async () => {
    const { peer, sink } = await open();
    peer.socket.end(frame(CLOSE, ''));
    expect(await sink.ending()).toBeUndefined();
  });

  test('a server that complains ends the connection with an error that says why', async () => {
    const { peer, sink } = await open();
    peer.socket.end(closing(1011, 'out of order'));
    const error = await sink.ending();
    expect(error).toMatchObject({ code: 'connection-lost', phase: 'open', retryable: true });
    expect(error?.message).toContain('1011 "out of order"');
  });

  test('a connection that breaks without a close frame is lost, after all bytes that came', async () => {
    const { peer, sink } = await open();
    peer.socket.end(frame(BINARY, Uint8Array.from(disconnect)));
    expect(await sink.ending()).toMatchObject({ code: 'connection-lost', phase: 'open', retryable: true });
    expect([...sink.received]).toEqual(disconnect);
    expect(sink.endings).toHaveLength(1);
  });

  test('a reset connection is lost', async () => {
    const { peer, sink } = await open();
    peer.socket.resetAndDestroy();
    expect(await sink.ending()).toMatchObject({ code: 'connection-lost', retryable: true });
  });

  test('an end before start is told after it, behind the bytes that came', async () => {
    const server = await scriptedServer();
    const dialling = webSocket()(server.target, noAbort);
    const peer = await server.peer();
    await peer.accept({ glued: Buffer.concat([frame(BINARY, Uint8Array.from(disconnect)), closing(1000)]) });
    peer.socket.end();
    const sink = startRecording(await dialling);
    expect(await sink.ending()).toBeUndefined();
    expect([...sink.received]).toEqual(disconnect);
  });

  test('a farewell that came in a pause is not lost with the connection', async () => {
    const { peer, connection, sink } = await open();
    connection.pause();
    peer.socket.end(Buffer.concat([frame(BINARY, Uint8Array.from(disconnect)), closing(1000)]));
    connection.resume();
    expect(await sink.ending()).toBeUndefined();
    expect([...sink.received]).toEqual(disconnect);
  });
});
