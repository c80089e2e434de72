import type { Connection } from '@omqtt/contracts';
import { describe, expect, test } from 'vitest';
import { implementations, noAbort } from './implementations.ts';
import { startRecording, type RecordingSink } from './recording-sink.ts';
import { BINARY, CLOSE, frame, PING, PONG, scriptedServer, TEXT, type ScriptedPeer } from './scripted-server.ts';

const pingresp = [0xd0, 0x00];
const puback = [0x40, 0x02, 0x00, 0x07];

describe.each(implementations)('$name', ({ name, webSocket }) => {
  interface Open {
    readonly peer: ScriptedPeer;
    readonly connection: Connection;
    readonly sink: RecordingSink;
  }

  async function open(glued?: Uint8Array, options: Parameters<typeof webSocket>[0] = {}): Promise<Open> {
    const server = await scriptedServer();
    const dialling = webSocket(options)(server.target, noAbort);
    const peer = await server.peer();
    await peer.accept(glued ? { glued } : {});
    const connection = await dialling;
    return { peer, connection, sink: startRecording(connection) };
  }

  test('[5.0 MQTT-6.0.0-1] [3.1.1 MQTT-6.0.0-1] what is written leaves in binary frames', async () => {
    const { peer, connection } = await open();
    expect(connection.write(Uint8Array.of(0xc0, 0x00))).toBe(true);
    expect(await peer.frame()).toEqual({ opcode: BINARY, payload: Buffer.of(0xc0, 0x00) });
  });

  test('a large write arrives whole and leaves the bytes of the caller alone', async () => {
    const { peer, connection } = await open();
    const bytes = new Uint8Array(100_000).map((_, at) => at % 251);
    const copy = bytes.slice();
    connection.write(bytes);
    const { opcode, payload } = await peer.frame();
    expect(opcode).toBe(BINARY);
    expect(payload.equals(copy)).toBe(true);
    expect(bytes).toEqual(copy);
  });

  test('an empty write sends nothing', async () => {
    const { peer, connection } = await open();
    connection.write(new Uint8Array());
    connection.write(Uint8Array.of(0xe0, 0x00));
    expect((await peer.frame()).payload).toEqual(Buffer.of(0xe0, 0x00));
  });

  test('[5.0 MQTT-6.0.0-2] [3.1.1 MQTT-6.0.0-2] several packets in one frame all arrive [parity E45, B23]', async () => {
    const { peer, sink } = await open();
    peer.socket.write(frame(BINARY, Uint8Array.of(...pingresp, ...puback, ...pingresp)));
    expect([...(await sink.receivedAtLeast(8))]).toEqual([...pingresp, ...puback, ...pingresp]);
  });

  test('[5.0 MQTT-6.0.0-2] [3.1.1 MQTT-6.0.0-2] one packet in three frames arrives [parity E45, B23]', async () => {
    const { peer, sink } = await open();
    for (const part of [[0x40], [0x02, 0x00], [0x07]]) peer.socket.write(frame(BINARY, Uint8Array.from(part)));
    expect([...(await sink.receivedAtLeast(4))]).toEqual(puback);
  });

  test('[5.0 MQTT-6.0.0-2] [3.1.1 MQTT-6.0.0-2] a message in fragments with a ping between them arrives [parity E45, B23]', async () => {
    const { peer, sink } = await open();
    peer.socket.write(frame(BINARY, Uint8Array.of(0x40), false));
    peer.socket.write(frame(PING, 'in between'));
    peer.socket.write(frame(0, Uint8Array.of(0x02, 0x00), false));
    peer.socket.write(frame(0, Uint8Array.of(0x07)));
    expect([...(await sink.receivedAtLeast(4))]).toEqual(puback);
    expect(await peer.frame()).toEqual({ opcode: PONG, payload: Buffer.from('in between') });
  });

  test('a frame that comes byte by byte arrives', async () => {
    const { peer, sink } = await open();
    peer.socket.setNoDelay();
    for (const byte of frame(BINARY, Uint8Array.from(puback))) {
      await new Promise((resolve) => peer.socket.write(Uint8Array.of(byte), resolve));
    }
    expect([...(await sink.receivedAtLeast(4))]).toEqual(puback);
  });

  test('bytes in the same packet as the answer to the handshake are not lost [parity E45, B23]', async () => {
    const { sink } = await open(
      Buffer.concat([frame(BINARY, Uint8Array.from(puback)), frame(BINARY, Uint8Array.from(pingresp))]),
    );
    expect([...(await sink.receivedAtLeast(6))]).toEqual([...puback, ...pingresp]);
  });

  test('a pong that nobody asked for and an empty frame do no harm [parity E45, B23]', async () => {
    const { peer, sink } = await open();
    peer.socket.write(frame(PONG, 'unasked'));
    peer.socket.write(frame(BINARY, ''));
    peer.socket.write(frame(BINARY, Uint8Array.from(pingresp)));
    await sink.receivedAtLeast(2);
    expect(sink.chunks).toEqual([Uint8Array.from(pingresp)]);
    expect(sink.endings).toEqual([]);
  });

  test('chunks are plain byte arrays, so that slice copies', async () => {
    const { peer, sink } = await open();
    peer.socket.write(frame(BINARY, Uint8Array.from(pingresp)));
    await sink.receivedAtLeast(2);
    expect(sink.chunks.map((chunk) => chunk.constructor.name)).toEqual(['Uint8Array']);
  });

  test('a chunk stays as it is while others follow', async () => {
    const { peer, sink } = await open();
    peer.socket.write(frame(BINARY, Uint8Array.from(puback)));
    await sink.receivedAtLeast(4);
    for (let round = 0; round < 50; round += 1) peer.socket.write(frame(BINARY, new Uint8Array(2000).fill(0xff)));
    await sink.receivedAtLeast(100_004);
    expect([...(sink.chunks[0] ?? [])]).toEqual(puback);
  });

  test('[5.0 MQTT-6.0.0-1] [3.1.1 MQTT-6.0.0-1] a text frame closes the connection, and nothing behind it arrives', async () => {
    const { peer, sink } = await open();
    peer.socket.write(
      Buffer.concat([
        frame(BINARY, Uint8Array.from(pingresp)),
        frame(TEXT, 'hello'),
        frame(BINARY, Uint8Array.from(puback)),
      ]),
    );
    expect((await peer.frame()).opcode).toBe(CLOSE);
    expect(await sink.ending()).toMatchObject({ code: 'websocket-protocol', phase: 'open', retryable: true });
    expect([...sink.received]).toEqual(pingresp);
  });

  test('a message above the limit closes the connection', async () => {
    const { peer, sink } = await open(undefined, { maxFrameBytes: 100 });
    peer.socket.write(frame(BINARY, new Uint8Array(100)));
    expect(await sink.receivedAtLeast(100)).toHaveLength(100);
    peer.socket.write(frame(BINARY, new Uint8Array(60), false));
    peer.socket.write(frame(0, new Uint8Array(41)));
    expect((await peer.frame()).opcode).toBe(CLOSE);
    expect(await sink.ending()).toMatchObject({ code: 'websocket-protocol', phase: 'open' });
    expect(sink.received).toHaveLength(100);
  });

  test('a frame that breaks the rules ends the connection with an error', async () => {
    const { peer, sink } = await open();
    peer.socket.write(Uint8Array.of(0x83, 0x00)); // opcode 3 is reserved
    // The platform does not tell what it was that it did not understand.
    const code = name === 'ws on Node' ? 'websocket-protocol' : 'connection-lost';
    expect(await sink.ending()).toMatchObject({ code, phase: 'open', retryable: true });
  });
});
