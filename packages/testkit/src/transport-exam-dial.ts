/** What a dial promises before there is a connection. */
import { expectFailure, expectSame, expectTrue } from './exam-case.ts';
import type { ExamPeer } from './exam-peer.ts';
import type { Line, TransportArena, TransportCase } from './transport-arena.ts';

export const dialCases: readonly TransportCase[] = [
  { title: 'a connection says where it leads and whether it is secure', run: fillsInfo },
  { title: 'a target where nobody listens is refused', run: refused },
  { title: 'a dial that is aborted before it begins rejects, and nobody is called', run: abortedBefore },
  { title: 'a dial that is aborted on its way rejects, and leaves nothing open', run: abortedWhile },
  { title: 'an abort after the dial has resolved does not touch the connection', run: abortedAfter },
];

async function fillsInfo(arena: TransportArena): Promise<void> {
  const { info } = (await arena.open()).connection;
  const { isSecure = false, protocol } = arena.capabilities;
  expectTrue(info.peer.length > 0, 'info.peer is empty');
  expectSame(info.isSecure, isSecure, 'info.isSecure');
  if (protocol !== undefined) expectSame(info.protocol, protocol, 'info.protocol');
  if (!isSecure) return;
  expectTrue(info.tls !== undefined, 'info.tls is missing on a secure connection');
  expectTrue((info.tls?.version ?? '').length > 0, 'info.tls.version is empty');
}

async function refused(arena: TransportArena): Promise<void> {
  await arena.stopListening();
  const code = arena.capabilities.refusalCode ?? 'connection-refused';
  const dial = (): Promise<unknown> => arena.wait(arena.dial(), 'the dial to be refused');
  await expectFailure(dial, [code], 'Dialing a target where nobody listens');
}

async function abortedBefore(arena: TransportArena): Promise<void> {
  const signal = AbortSignal.abort();
  const dial = (): Promise<unknown> => arena.wait(arena.dial(signal), 'the dial to be given up');
  await expectFailure(dial, ['aborted'], 'Dialing with a signal that is aborted already');
  await expectLine(arena, 0);
}

async function abortedWhile(arena: TransportArena): Promise<void> {
  const controller = new AbortController();
  const dialing = arena.dial(controller.signal);
  controller.abort();
  const dial = (): Promise<unknown> => arena.wait(dialing, 'the dial to be given up');
  await expectFailure(dial, ['aborted'], 'Dialing with a signal that is aborted meanwhile');
  // How far the dial had come depends on the platform: the peer may have seen it, but then it has seen its end, too.
  await expectLine(arena, 1);
}

/** A new connection works, and before it at most so many others came, all of which have ended. */
async function expectLine(arena: TransportArena, most: number): Promise<void> {
  const connection = await arena.wait(arena.dial(), 'a connection after the one that was given up');
  connection.write(Uint8Array.of(77));
  for (let others = 0; ; others += 1) {
    const peer = await arena.wait(arena.listener.accept(), 'a connection to accept');
    if (await arena.wait(isAlive(peer), 'the end of a connection that was given up')) return;
    expectTrue(others < most, 'A dial that was given up called the peer nevertheless');
  }
}

/** Whether the byte comes before the end. */
function isAlive(peer: ExamPeer): Promise<boolean> {
  const byte = peer.read(1).then(
    () => true,
    () => false,
  );
  return Promise.race([byte, peer.closed.then(() => false)]);
}

async function abortedAfter(arena: TransportArena): Promise<void> {
  const controller = new AbortController();
  const line: Line = await arena.open(controller.signal);
  controller.abort();
  await arena.elapse();
  await arena.write(line, Uint8Array.of(5));
  await arena.received(line, 1);
  expectSame(line.sink.ends.length, 0, 'How often closed was called');
}
