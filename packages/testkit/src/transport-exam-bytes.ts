/** What goes in at one end comes out at the other: the ordered, lossless stream that MQTT builds on. */
import { encode, PacketStream, type Packet, type ProtocolVersion } from '@omqtt/codec';
import { bytePattern } from './byte-pattern.ts';
import { ExamFailure, expectSame, expectTrue } from './exam-case.ts';
import { readable } from './readable.ts';
import type { Line, TransportArena, TransportCase } from './transport-arena.ts';

const MIB = 1024 * 1024;

export const byteCases: readonly TransportCase[] = [
  {
    title: 'a stream of packets decodes identically wherever it is cut on its way from the peer',
    run: (arena) => eachVersion((version) => cutFromPeer(arena, version)),
  },
  {
    title: 'a stream of packets decodes identically wherever it is cut on its way to the peer',
    run: (arena) => eachVersion((version) => cutToPeer(arena, version)),
  },
  { title: 'packets that are glued together arrive whole and in order', run: gluedPackets },
  { title: 'bytes that come before start are kept for it', run: bytesBeforeStart },
  { title: '1 MiB goes each way at the same time, unchanged', run: bothWays },
  { title: 'many small writes arrive in their order', run: manyWrites },
  { title: 'a chunk is not written to after it was handed over', run: chunksStay },
  { title: 'an empty write changes nothing', run: emptyWrite },
  { title: 'two connections do not mix', run: twoConnections },
];

async function eachVersion(run: (version: ProtocolVersion) => Promise<void>): Promise<void> {
  await run('5.0');
  await run('3.1.1');
}

async function cutFromPeer(arena: TransportArena, version: ProtocolVersion): Promise<void> {
  const line = await arena.open();
  const bytes = streamOf(version);
  for (let cut = 1; cut < bytes.length; cut += 1) {
    const start = line.sink.received;
    await arena.write(line, bytes.subarray(0, cut));
    // The rest leaves when the beginning has come, so that the two cannot become one chunk again.
    await arena.received(line, start + cut);
    await arena.write(line, bytes.subarray(cut));
    await arena.received(line, start + bytes.length);
    const chunks = line.sink.chunks.splice(0);
    expectSame(decodeAll(chunks, version), packets, `The packets of ${version}, cut after ${cut} bytes`);
  }
}

async function cutToPeer(arena: TransportArena, version: ProtocolVersion): Promise<void> {
  const line = await arena.open();
  const bytes = streamOf(version);
  for (let cut = 1; cut < bytes.length; cut += 1) {
    line.connection.write(bytes.slice(0, cut));
    const head = await arena.read(line, cut, `${cut} bytes at the peer`);
    line.connection.write(bytes.slice(cut));
    const tail = await arena.read(line, bytes.length - cut, `the rest behind ${cut} bytes at the peer`);
    expectSame(decodeAll([head, tail], version), packets, `The packets of ${version}, cut after ${cut} bytes`);
  }
}

async function gluedPackets(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  const copies = 200;
  const one = streamOf('5.0');
  const bytes = new Uint8Array(one.length * copies);
  for (let copy = 0; copy < copies; copy += 1) bytes.set(one, copy * one.length);
  const expected = Array.from({ length: copies }, () => packets).flat();

  await arena.write(line, bytes);
  await arena.received(line, bytes.length);
  expectSame(decodeAll(line.sink.chunks, '5.0'), expected, 'The packets from the peer');

  line.connection.write(bytes.slice());
  const arrived = await arena.read(line, bytes.length, 'the same packets at the peer');
  expectSame(decodeAll([arrived], '5.0'), expected, 'The packets to the peer');
}

async function bytesBeforeStart(arena: TransportArena): Promise<void> {
  const line = await arena.connect();
  const bytes = bytePattern(5000, 1);
  await arena.write(line, bytes);
  await arena.elapse();
  expectSame(line.sink.received, 0, 'Bytes at the sink before start');
  line.connection.start(line.sink);
  await arena.received(line, bytes.length);
  expectSame(line.sink.all(), bytes, 'What came before start');
}

async function bothWays(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  const [down, up] = [bytePattern(MIB, 1), bytePattern(MIB, 2)];
  const written = Promise.all([arena.writeMeanwhile(line, down), writeAll(arena, line, up)]);
  const arrived = await arena.read(line, MIB, '1 MiB at the peer');
  await arena.received(line, MIB);
  await arena.wait(written, '1 MiB each way to be written');
  expectSame(arrived, up, 'What the peer read');
  expectSame(line.sink.all(), down, 'What the sink was given');
}

async function manyWrites(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  const bytes = bytePattern(6000, 3);
  for (let at = 0; at < bytes.length; at += 6) line.connection.write(bytes.slice(at, at + 6));
  const arrived = await arena.read(line, bytes.length, '1000 small writes at the peer');
  expectSame(arrived, bytes, 'What the peer read');
}

async function chunksStay(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  const expected: Uint8Array[] = [];
  for (let turn = 1; turn <= 8; turn += 1) {
    const bytes = bytePattern(900, turn);
    expected.push(bytes);
    await arena.write(line, bytes);
    await arena.received(line, 900 * turn);
  }
  const kept = line.sink.all();
  for (const [turn, bytes] of expected.entries()) {
    expectSame(
      kept.subarray(turn * 900, (turn + 1) * 900),
      bytes,
      `Chunk ${turn + 1}, looked at after the others came`,
    );
  }
}

async function emptyWrite(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  line.connection.write(new Uint8Array(0));
  line.connection.write(Uint8Array.of(1));
  line.connection.write(new Uint8Array(0));
  line.connection.write(Uint8Array.of(2));
  const arrived = await arena.read(line, 2, 'two bytes at the peer');
  expectSame(arrived, Uint8Array.of(1, 2), 'What the peer read');
  expectTrue(line.sink.ends.length === 0, 'An empty write ended the connection');
}

async function twoConnections(arena: TransportArena): Promise<void> {
  const [first, second] = [await arena.open(), await arena.open()];
  await arena.write(first, Uint8Array.of(1));
  await arena.write(second, Uint8Array.of(2));
  await arena.received(first, 1);
  await arena.received(second, 1);
  expectSame([first.sink.all(), second.sink.all()], [Uint8Array.of(1), Uint8Array.of(2)], 'What the sinks were given');
}

/** Writes in pieces, and holds when it is told to. */
async function writeAll(arena: TransportArena, { connection, sink }: Line, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += 65_536) {
    const drains = sink.drains;
    if (connection.write(bytes.slice(at, at + 65_536))) continue;
    await arena.wait(
      sink.until(() => sink.drains > drains || sink.ends.length > 0),
      'drained after write returned false',
    );
  }
}

/** What both sides may send, in both versions; the long topic makes a Remaining Length of two bytes. */
const packets: readonly Packet[] = [
  { type: 'pingreq' },
  { type: 'publish', topic: 'room/1', payload: Uint8Array.of(0, 255, 13, 10), qos: 0, retain: true, dup: false },
  {
    type: 'publish',
    topic: 'a'.repeat(130),
    payload: bytePattern(9, 7),
    qos: 1,
    retain: false,
    dup: true,
    packetId: 9,
  },
  { type: 'puback', packetId: 9, reasonCode: 0 },
  { type: 'pubrel', packetId: 65_535, reasonCode: 0 },
  { type: 'pingresp' },
];

function streamOf(version: ProtocolVersion): Uint8Array {
  return Uint8Array.from(packets.flatMap((packet) => [...encode(packet, version)]));
}

function decodeAll(chunks: readonly Uint8Array[], version: ProtocolVersion): Packet[] {
  const stream = new PacketStream({ version });
  try {
    const decoded = chunks.flatMap((chunk) => stream.push(chunk));
    expectSame(stream.bufferedBytes, 0, 'Bytes behind the last packet');
    return decoded;
  } catch (error) {
    if (error instanceof ExamFailure) throw error;
    throw new ExamFailure(`What arrived is not the packets that were sent: ${readable(error)}`, { cause: error });
  }
}
