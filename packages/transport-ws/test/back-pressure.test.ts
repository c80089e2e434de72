import { once } from 'node:events';
import type { Connection, Dial } from '@omqtt/contracts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { webSocket as nodeWebSocket } from '../src/node/index.ts';
import { webSocket as platformWebSocket } from '../src/platform/index.ts';
import { implementations, noAbort } from './implementations.ts';
import { startRecording } from './recording-sink.ts';
import { BINARY, CLOSE, frame, scriptedServer, type ScriptedPeer } from './scripted-server.ts';

const block = new Uint8Array(65_536).fill(7);

describe.each(implementations)('$name', ({ webSocket }) => {
  test('write returns false above the mark, and drained comes once when the server reads on', async () => {
    const { peer, connection } = await open(webSocket({ highWaterBytes: 200_000 }));
    const sink = startRecording(connection);

    let written = 0;
    while (connection.write(block)) written += block.length;
    expect(written).toBeLessThan(64 * 1024 * 1024);
    expect(sink.drains).toBe(0);

    peer.socket.resume();
    await sink.drainedOnce();
    expect(connection.write(Uint8Array.of(1))).toBe(true);
    expect(sink.drains).toBe(1);
  });

  test('nothing comes in a pause, and everything in order after it', async () => {
    const { peer, connection } = await open(webSocket());
    const sink = startRecording(connection);
    connection.pause();

    const frames = Array.from({ length: 200 }, (_, at) => frame(BINARY, Uint8Array.of(at)));
    peer.socket.write(Buffer.concat(frames));
    // Another connection, which is not paused, shows that time has passed.
    const other = await echo(webSocket());
    await other();
    expect(sink.chunks).toEqual([]);
    connection.resume();
    expect(sink.chunks).toEqual([]);
    expect([...(await sink.receivedAtLeast(200))]).toEqual(Array.from({ length: 200 }, (_, at) => at));
  });

  test('a pause in the middle of a chunk holds the rest of it back', async () => {
    const glued = Buffer.concat([1, 2, 3].map((value) => frame(BINARY, Uint8Array.of(value))));
    const { connection } = await open(webSocket(), glued);
    const seen: number[] = [];
    const third = new Promise<void>((resolve) => {
      connection.start({
        bytes([value = 0]) {
          seen.push(value);
          if (value === 3) return resolve();
          connection.pause();
          setImmediate(() => {
            expect(seen).toHaveLength(value);
            connection.resume();
          });
        },
        drained() {},
        closed() {},
      });
    });
    await third;
    expect(seen).toEqual([1, 2, 3]);
  });
});

const flood = Buffer.concat(Array.from({ length: 500 }, () => frame(BINARY, new Uint8Array(60_000))));

test('where the socket can be paused, more than the bound waits at the server', async () => {
  const { peer, connection } = await open(nodeWebSocket({ maxPausedBytes: 1_000_000 }));
  const sink = startRecording(connection);
  connection.pause();
  expect(peer.socket.write(flood)).toBe(false);
  const drained = once(peer.socket, 'drain');
  connection.resume();
  await drained;
  expect(await sink.receivedAtLeast(30_000_000)).toHaveLength(30_000_000);
});

test('where it cannot, more than the bound ends the connection', async () => {
  const { peer, connection } = await open(platformWebSocket({ maxPausedBytes: 1_000_000 }));
  const sink = startRecording(connection);
  connection.pause();
  peer.socket.write(flood);
  expect((await peer.frame()).opcode).toBe(CLOSE);
  expect(await sink.ending()).toMatchObject({ code: 'websocket-protocol', phase: 'open', retryable: true });
  expect(sink.chunks).toEqual([]);
});

async function open(dial: Dial, glued?: Uint8Array): Promise<{ peer: ScriptedPeer; connection: Connection }> {
  const server = await scriptedServer();
  const dialling = dial(server.target, noAbort);
  const peer = await server.peer();
  await peer.accept(glued ? { glued } : {});
  const connection = await dialling;
  onTestFinished(() => connection.destroy());
  return { peer, connection };
}

/** A connection of the same kind; each call sends a byte there and back. */
async function echo(dial: Dial): Promise<() => Promise<void>> {
  const { peer, connection } = await open(dial);
  const sink = startRecording(connection);
  return async () => {
    const count = sink.received.length + 1;
    connection.write(Uint8Array.of(count));
    peer.socket.write(frame(BINARY, (await peer.frame()).payload));
    await sink.receivedAtLeast(count);
  };
}
