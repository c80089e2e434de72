/** A side that cannot keep up makes the other wait, and nothing is lost meanwhile. */
import { bytePattern } from './byte-pattern.ts';
import { expectSame, expectTrue } from './exam-case.ts';
import type { Line, TransportArena, TransportCase } from './transport-arena.ts';

const MIB = 1024 * 1024;
/** More than the buffers of any platform between two ends. */
const TOO_MUCH = 32 * MIB;
const CHUNK = bytePattern(64 * 1024, 5);

export const flowCases: readonly TransportCase[] = [
  {
    title: 'write returns false while the peer does not read, and drained comes when it does',
    needs: 'hasBackPressure',
    run: backPressure,
  },
  { title: 'a paused connection gives nothing to its sink, and all of it after resume', run: pauseWithin },
  { title: 'a paused connection makes the peer wait', needs: 'canPause', run: pauseReachesPeer },
];

async function backPressure(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  line.peer.pause();
  const written = writeUntilFull(line);
  const last = Uint8Array.of(1, 2, 3);
  line.peer.resume();
  await arena.wait(
    line.sink.until(() => line.sink.drains > 0),
    'drained after write returned false and the peer reads again',
  );
  line.connection.write(last);
  const arrived = await arena.read(line, written + 3, 'what was written at the peer');
  for (let at = 0; at < written; at += CHUNK.length) {
    expectSame(arrived.subarray(at, at + CHUNK.length), CHUNK, `What the peer read from byte ${at} on`);
  }
  expectSame(arrived.subarray(written), last, 'What was written after drained');
}

function writeUntilFull({ connection }: Line): number {
  for (let written = CHUNK.length; written <= TOO_MUCH; written += CHUNK.length) {
    if (!connection.write(CHUNK.slice())) return written;
  }
  expectTrue(false, `write never returned false, though the peer read nothing of ${TOO_MUCH} bytes`);
  return 0;
}

async function pauseWithin(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  const { sink, connection } = line;
  // From within `bytes`, where a session notices that it has too much.
  sink.onBytes = () => {
    sink.onBytes = undefined;
    connection.pause();
  };
  const bytes = bytePattern(MIB, 6);
  const written = piecesOf(bytes).map((piece) => arena.writeMeanwhile(line, piece));
  await arena.received(line, 1);
  const atPause = sink.received;
  await arena.elapse();
  expectSame(sink.received, atPause, 'Bytes at the sink while the connection is paused');
  connection.resume();
  await arena.received(line, MIB);
  await arena.wait(Promise.all(written), 'the peer to have written');
  expectSame(sink.all(), bytes, 'What the sink was given in all');
}

/** So that there is more than one chunk, also where a chunk is what was written at once. */
function piecesOf(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / CHUNK.length);
  return Array.from({ length: count }, (_, index) => bytes.slice(index * CHUNK.length, (index + 1) * CHUNK.length));
}

async function pauseReachesPeer(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  line.connection.pause();
  const written = arena.writeMeanwhile(line, new Uint8Array(TOO_MUCH));
  const first = await Promise.race([written.then(() => 'written'), arena.elapse().then(() => 'elapsed')]);
  expectTrue(first === 'elapsed', `The peer could send ${TOO_MUCH} bytes to a paused connection`);
  expectSame(line.sink.received, 0, 'Bytes at the sink while the connection is paused');
  line.connection.resume();
  await arena.received(line, TOO_MUCH);
  await arena.wait(written, 'the peer to have written');
}
