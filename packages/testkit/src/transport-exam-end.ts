/** How connections end: once, told to the sink as the last thing, with an error only when it was out of order. */
import { bytePattern } from './byte-pattern.ts';
import { expectSame, expectTrue } from './exam-case.ts';
import type { Line, TransportArena, TransportCase } from './transport-arena.ts';

const MANY = 4 * 1024 * 1024;

export const endCases: readonly TransportCase[] = [
  { title: 'when the peer ends in order, its last bytes come first and closed brings no error', run: peerEnds },
  { title: 'a reset by the peer closes with connection-lost', needs: 'canTellReset', run: peerResets },
  { title: 'a peer that ended before start is told after start, behind its bytes', run: endBeforeStart },
  { title: 'close sends what was written before it ends', run: closeFlushes },
  { title: 'close ends a connection that was never started', run: closeBeforeStart },
  { title: 'close ends a paused connection', run: closeWhilePaused },
  { title: 'close can be called again and after the end, and resolves each time', run: closeAgain },
  { title: 'destroy ends at once, and may be repeated', run: destroyTwice },
  { title: 'destroy ends a connection that was never started', run: destroyBeforeStart },
  { title: 'destroy ends a close that waits for the peer', run: destroyWhileClosing },
  {
    title: 'nothing is harmful after close',
    run: (arena) => callsAfter(arena, ({ connection }) => connection.close()),
  },
  {
    title: 'nothing is harmful after destroy',
    run: (arena) => callsAfter(arena, async ({ connection }) => connection.destroy()),
  },
  { title: 'nothing is harmful after the peer has gone', run: (arena) => callsAfter(arena, ({ peer }) => ended(peer)) },
];

async function peerEnds(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  const bytes = bytePattern(200_000, 1);
  const written = arena.writeMeanwhile(line, bytes);
  line.peer.end();
  expectSame(await arena.closed(line), undefined, 'What closed came with');
  await arena.wait(written, 'the peer to have written');
  expectSame(line.sink.all(), bytes, 'What the sink was given before closed');
  await arena.wait(line.peer.closed, 'the peer to see the end');
  await arena.elapse();
}

async function peerResets(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  await arena.write(line, Uint8Array.of(1));
  await arena.received(line, 1);
  line.peer.reset();
  const error = await arena.closed(line);
  expectTrue(error !== undefined, 'closed came without an error, though the peer has reset the connection');
  expectSame(error?.code, 'connection-lost', 'The code of the error');
  expectSame(error?.retryable, true, 'Whether the error is retryable');
  await arena.elapse();
}

async function endBeforeStart(arena: TransportArena): Promise<void> {
  const line = await arena.connect();
  await arena.write(line, Uint8Array.of(1, 2, 3));
  line.peer.end();
  await arena.elapse();
  expectSame([line.sink.received, line.sink.ends.length], [0, 0], 'Bytes and ends at the sink before start');
  line.connection.start(line.sink);
  expectSame(await arena.closed(line), undefined, 'What closed came with');
  expectSame(line.sink.all(), Uint8Array.of(1, 2, 3), 'What the sink was given before closed');
}

async function closeFlushes(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  const bytes = bytePattern(MANY, 2);
  line.peer.pause();
  for (let at = 0; at < MANY; at += 65_536) line.connection.write(bytes.slice(at, at + 65_536));
  const closing = line.connection.close();
  line.peer.resume();
  expectSame(await arena.read(line, MANY, 'what was written before close'), bytes, 'What the peer read');
  await arena.wait(line.peer.closed, 'the peer to see the end');
  await arena.wait(closing, 'close to resolve');
  expectSame(await arena.closed(line), undefined, 'What closed came with');
  await arena.elapse();
}

async function closeBeforeStart(arena: TransportArena): Promise<void> {
  const line = await arena.connect();
  await arena.write(line, Uint8Array.of(1));
  await arena.wait(line.connection.close(), 'close to resolve');
  await arena.wait(line.peer.closed, 'the peer to see the end');
}

async function closeWhilePaused(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  line.connection.pause();
  await arena.write(line, bytePattern(5000, 3));
  await arena.elapse();
  await arena.wait(line.connection.close(), 'close to resolve');
  await arena.wait(line.peer.closed, 'the peer to see the end');
  expectSame(await arena.closed(line), undefined, 'What closed came with');
}

async function closeAgain(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  const both = Promise.all([line.connection.close(), line.connection.close()]);
  await arena.wait(both, 'both calls of close to resolve');
  await arena.closed(line);
  await arena.wait(line.connection.close(), 'close to resolve after the end');
  await arena.elapse();
}

async function destroyTwice(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  line.connection.destroy();
  line.connection.destroy();
  await arena.closed(line);
  await arena.wait(line.peer.closed, 'the peer to see the end');
  line.connection.destroy();
  await arena.elapse();
}

async function destroyBeforeStart(arena: TransportArena): Promise<void> {
  const line = await arena.connect();
  line.connection.destroy();
  await arena.wait(line.peer.closed, 'the peer to see the end');
}

async function destroyWhileClosing(arena: TransportArena): Promise<void> {
  const line = await arena.open();
  line.peer.pause();
  for (let count = 0; count < 512; count += 1) line.connection.write(new Uint8Array(65_536));
  const closing = line.connection.close();
  line.connection.destroy();
  await arena.wait(closing, 'close to resolve after destroy');
  await arena.closed(line);
  line.peer.resume();
  await arena.wait(line.peer.closed, 'the peer to see the end');
}

async function callsAfter(arena: TransportArena, end: (line: Line) => Promise<void>): Promise<void> {
  const line = await arena.open();
  const ending = end(line);
  useHarmlessly(line);
  await arena.wait(ending, 'the connection to end');
  await arena.closed(line);
  useHarmlessly(line);
  await arena.wait(line.connection.close(), 'close to resolve after the end');
  await arena.elapse();
  expectSame(line.sink.ends.length, 1, 'How often closed was called');
}

function useHarmlessly({ connection }: Line): void {
  try {
    connection.write(Uint8Array.of(1, 2, 3));
    connection.pause();
    connection.resume();
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    expectTrue(false, `A connection that ends or has ended must not throw, but it threw: ${told}`);
  }
}

async function ended(peer: Line['peer']): Promise<void> {
  peer.end();
  await peer.closed;
}
