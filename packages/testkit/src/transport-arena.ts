/** Where one case of the transport exam takes place: a listener, the connections of the case, and their end. */
import type { Connection, TransportError } from '@omqtt/contracts';
import { ExamFailure, expectSame, expectTrue, runAndDispose, within, type ExamCase } from './exam-case.ts';
import type { ExamListener, ExamPeer, TransportCapabilities, TransportSetup } from './exam-peer.ts';
import { RecordingSink } from './recording-sink.ts';
import { readable } from './readable.ts';

/** A connection with its other end. */
export interface Line {
  readonly connection: Connection;
  readonly sink: RecordingSink;
  readonly peer: ExamPeer;
}

export interface TransportCase {
  readonly title: string;
  /** Left out where the runtime has no such thing. */
  readonly needs?: 'hasBackPressure' | 'canPause' | 'canTellReset';
  readonly run: (arena: TransportArena) => Promise<void>;
}

/** Binds a case to what is examined. */
export function examCase(setup: TransportSetup, { title, run }: TransportCase): ExamCase {
  return {
    title,
    run: async () => {
      const arena = new TransportArena(setup, await setup.listen());
      const examine = async (): Promise<void> => {
        await run(arena);
        arena.expectOrderlySinks();
      };
      await runAndDispose(examine, () => arena.dispose());
    },
  };
}

const DEFAULT_LIMIT_MS = 10_000;

export class TransportArena {
  readonly setup: TransportSetup;
  readonly listener: ExamListener;
  readonly #lines: Line[] = [];
  readonly #connections: Connection[] = [];
  #isListening = true;
  #clockwork: Line | undefined;

  constructor(setup: TransportSetup, listener: ExamListener) {
    this.setup = setup;
    this.listener = listener;
  }

  get capabilities(): TransportCapabilities {
    return this.setup.capabilities ?? {};
  }

  async dial(signal: AbortSignal = new AbortController().signal): Promise<Connection> {
    const connection = await this.setup.dial(this.listener.target, signal);
    this.#connections.push(connection);
    return connection;
  }

  /** Connected, but not started. */
  async connect(signal?: AbortSignal): Promise<Line> {
    const both = Promise.all([this.dial(signal), this.listener.accept()]);
    const [connection, peer] = await this.wait(both, 'a connection and its acceptance');
    const line = { connection, peer, sink: new RecordingSink() };
    this.#lines.push(line);
    return line;
  }

  async open(signal?: AbortSignal): Promise<Line> {
    const line = await this.connect(signal);
    line.connection.start(line.sink);
    return line;
  }

  /** Fails instead of waiting for ever. */
  wait<Value>(promise: PromiseLike<Value> | Value, what: string | (() => string)): Promise<Value> {
    const told = typeof what === 'string' ? () => what : what;
    return within(promise, this.capabilities.limitMs ?? DEFAULT_LIMIT_MS, told);
  }

  /** Exactly so many bytes at the far end. */
  read({ peer }: Line, count: number, what: string): Promise<Uint8Array> {
    return this.wait(peer.read(count).catch(failWith(`${what} could not be read by the peer`)), what);
  }

  /** Until the bytes have left the far end. */
  async write({ peer }: Line, bytes: Uint8Array): Promise<void> {
    await this.wait(peer.write(bytes).catch(failWith('The peer could not write')), 'the peer to write');
  }

  /** Goes on while the case does something else, which may fail first. */
  writeMeanwhile(line: Line, bytes: Uint8Array): Promise<void> {
    const written = line.peer.write(bytes).catch(failWith('The peer could not write'));
    written.catch(() => undefined);
    return written;
  }

  async received({ sink }: Line, count: number): Promise<void> {
    const what = (): string => `${count} bytes at the sink; ${sink.received} have come, ${endsOf(sink)}`;
    await this.wait(
      sink.until(() => sink.received >= count || sink.ends.length > 0),
      what,
    );
    expectTrue(sink.received >= count, `The connection ended before ${what()}`);
  }

  async closed({ sink }: Line): Promise<TransportError | undefined> {
    await this.wait(
      sink.until(() => sink.ends.length > 0),
      'closed to be called',
    );
    return sink.ends[0];
  }

  /** Long enough for what is on the way to have come: a second connection carries a few bytes there and back. */
  async elapse(): Promise<void> {
    const line = (this.#clockwork ??= await this.open());
    for (let turn = 0; turn < 4; turn += 1) {
      const before = line.sink.received;
      line.connection.write(Uint8Array.of(turn));
      await this.read(line, 1, 'a byte on a second connection');
      await this.write(line, Uint8Array.of(turn));
      await this.received(line, before + 1);
    }
  }

  async stopListening(): Promise<void> {
    if (!this.#isListening) return;
    this.#isListening = false;
    await this.wait(this.listener.close(), 'the listener to close');
  }

  /** `closed` comes at most once, and nothing comes after it. */
  expectOrderlySinks(): void {
    for (const { sink } of this.#lines) {
      expectTrue(sink.ends.length <= 1, `closed was called ${sink.ends.length} times: ${endsOf(sink)}`);
      expectSame(sink.late, [], 'Calls to the sink after closed');
    }
  }

  async dispose(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    // A peer that does not read does not see the end.
    for (const { peer } of this.#lines) peer.resume();
    await this.stopListening();
  }
}

/** Whatever goes wrong at the far end in a case is what the case has found. */
function failWith(what: string): (error: unknown) => never {
  return (error) => {
    throw new ExamFailure(`${what}: ${readable(error)}`, { cause: error });
  };
}

function endsOf({ ends }: RecordingSink): string {
  if (ends.length === 0) return 'and closed was not called';
  return `and closed was called with ${ends.map((error) => (error ? readable(error) : 'no error')).join(', ')}`;
}
