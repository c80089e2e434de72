/** Transports with one fault each, made of the one in memory, and the case that has to find it. */
import type { Connection, ConnectionSink, Dial } from '@omqtt/contracts';
import { transportError, type TransportSetup } from '../src/index.ts';
import { memorySetup } from './exam-subjects.ts';

export interface BrokenTransport {
  readonly fault: string;
  /** The title of the case that fails. */
  readonly foundBy: string;
  readonly setup: TransportSetup;
}

const cutCase = 'a stream of packets decodes identically wherever it is cut on its way';
const pauseCase = 'a paused connection gives nothing to its sink, and all of it after resume';
const abortCase = 'a dial that is aborted on its way rejects, and leaves nothing open';

export const brokenTransports: readonly BrokenTransport[] = [
  broken('loses the first byte of a chunk of one', `${cutCase} from the peer`, {
    sink: (sink) => ({ bytes: (chunk) => sink.bytes(chunk.length === 1 ? new Uint8Array(0) : chunk) }),
  }),
  broken('gives no chunk that starts like a text', `${cutCase} from the peer`, {
    sink: (sink) => ({ bytes: (chunk) => (chunk[0] === 0x61 ? undefined : sink.bytes(chunk)) }),
  }),
  broken('turns bytes into text', 'packets that are glued together arrive whole and in order', {
    sink: (sink) => ({ bytes: (chunk) => sink.bytes(asText(chunk)) }),
  }),
  broken('sends bytes as text', `${cutCase} to the peer`, {
    connection: (connection) => ({ write: (bytes) => connection.write(asText(bytes)) }),
  }),
  broken('loses what comes before start', 'bytes that come before start are kept for it', {
    connection: startedAtOnce,
  }),
  broken('never tells an end that came before start', 'a peer that ended before start is told after start', {
    connection: startedAtOnce,
  }),
  broken('reuses its buffer', 'a chunk is not written to after it was handed over', { sink: oneBuffer }),
  broken('sends newer bytes first', 'many small writes arrive in their order', { connection: newestFirst }),
  broken('ends at an empty write', 'an empty write changes nothing', {
    connection: (connection) => ({
      write: (bytes) => (bytes.length === 0 ? (connection.destroy(), false) : connection.write(bytes)),
    }),
  }),
  broken('has one connection for all', 'two connections do not mix', { dial: firstConnectionOnly }),
  broken('never returns false', 'write returns false while the peer does not read', {
    connection: (connection) => ({ write: (bytes) => (connection.write(bytes), true) }),
  }),
  broken('never drains', 'write returns false while the peer does not read', { sink: () => ({ drained: () => {} }) }),
  broken('does not pause', pauseCase, { connection: () => ({ pause: () => {} }) }),
  broken('loses what comes while paused', pauseCase, { connection: losingWhilePaused }),
  broken('pauses the sink only', 'a paused connection makes the peer wait', { connection: hoardingWhilePaused }),
  broken('calls closed twice', 'nothing is harmful after the peer has gone', {
    sink: (sink) => ({ closed: (error) => (sink.closed(error), sink.closed(error)) }),
  }),
  broken('drains after closed', 'close can be called again and after the end', {
    sink: (sink) => ({ closed: (error) => (sink.closed(error), queueMicrotask(() => sink.drained())) }),
  }),
  broken('takes an orderly end for an error', 'when the peer ends in order', {
    sink: (sink) => ({ closed: (error) => sink.closed(error ?? transportError('connection-lost')) }),
  }),
  broken('takes a reset for an orderly end', 'a reset by the peer closes with connection-lost', {
    sink: (sink) => ({ closed: () => sink.closed() }),
  }),
  broken('calls a reset a refusal', 'a reset by the peer closes with connection-lost', {
    sink: (sink) => ({ closed: (error) => sink.closed(error && transportError('connection-refused')) }),
  }),
  broken('never calls closed', 'destroy ends at once, and may be repeated', { sink: () => ({ closed: () => {} }) }),
  broken('does not flush', 'close sends what was written before it ends', {
    connection: (connection) => ({ close: () => (connection.destroy(), Promise.resolve()) }),
  }),
  broken('never resolves close', 'close can be called again and after the end', {
    connection: (connection) => ({ close: () => (void connection.close(), never()) }),
  }),
  broken('needs a sink to close', 'close ends a connection that was never started', {
    connection: closableWhenStarted,
  }),
  broken('needs to read in order to close', 'close ends a paused connection', { connection: notClosableWhilePaused }),
  broken('does not destroy', 'destroy ends at once, and may be repeated', {
    connection: () => ({ destroy: () => {} }),
  }),
  broken('does not destroy before start', 'destroy ends a connection that was never started', {
    connection: () => ({ destroy: () => {} }),
  }),
  broken('lets close wait after destroy', 'destroy ends a close that waits for the peer', {
    connection: (connection) => ({ close: () => (void connection.close(), never()) }),
  }),
  broken('throws at a write after close', 'nothing is harmful after close', { connection: throwingAfterClose }),
  broken('throws at a write after destroy', 'nothing is harmful after destroy', { connection: throwingAfterClose }),
  broken('does not say where it leads', 'a connection says where it leads and whether it is secure', {
    connection: () => ({ info: { peer: '', isSecure: false } }),
  }),
  broken('says it is secure', 'a connection says where it leads and whether it is secure', {
    connection: () => ({ info: { peer: 'x', isSecure: true } }),
  }),
  broken('fails with an error of its own', 'a target where nobody listens is refused', {
    dial: (dial) => (target, signal) => dial(target, signal).catch(() => Promise.reject(new Error('ECONNREFUSED'))),
  }),
  broken('ignores an abort before', 'a dial that is aborted before it begins rejects', { dial: deaf }),
  broken('ignores an abort meanwhile', abortCase, { dial: deaf }),
  broken('rejects when aborted, and stays connected', abortCase, { dial: leaking }),
  broken('ends when the signal is aborted later', 'an abort after the dial has resolved does not touch', {
    dial: (dial) => async (target, signal) => {
      const connection = await dial(target, signal);
      signal.addEventListener('abort', () => connection.destroy());
      return connection;
    },
  }),
];

interface Faults {
  readonly sink?: (sink: ConnectionSink) => Partial<ConnectionSink>;
  readonly connection?: (connection: Connection) => Partial<Connection>;
  readonly dial?: (dial: Dial) => Dial;
}

function broken(fault: string, foundBy: string, faults: Faults): BrokenTransport {
  const { dial, listen } = memorySetup();
  const faulty: Dial = async (target, signal) => withFaults(await dial(target, signal), faults);
  // A case that hangs has failed soon: everything is in memory. Only the cases that find a fault are run with it.
  const setup = { dial: faults.dial?.(faulty) ?? faulty, listen, capabilities: { limitMs: 250 } };
  return { fault, foundBy, setup };
}

function withFaults(connection: Connection, faults: Faults): Connection {
  const inner: Connection = {
    info: connection.info,
    start: (sink) =>
      connection.start({
        bytes: (chunk) => sink.bytes(chunk),
        drained: () => sink.drained(),
        closed: (error) => sink.closed(error),
        ...faults.sink?.(sink),
      }),
    write: (bytes) => connection.write(bytes),
    pause: () => connection.pause(),
    resume: () => connection.resume(),
    close: () => connection.close(),
    destroy: () => connection.destroy(),
  };
  return { ...inner, ...faults.connection?.(inner) };
}

function asText(bytes: Uint8Array): Uint8Array {
  return new TextEncoder().encode(new TextDecoder().decode(bytes));
}

function never(): Promise<void> {
  return new Promise(() => undefined);
}

function startedAtOnce(connection: Connection): Partial<Connection> {
  let sink: ConnectionSink | undefined;
  connection.start({
    bytes: (chunk) => sink?.bytes(chunk),
    drained: () => sink?.drained(),
    closed: (error) => sink?.closed(error),
  });
  return { start: (given) => void (sink = given) };
}

function oneBuffer(sink: ConnectionSink): Partial<ConnectionSink> {
  const buffer = new Uint8Array(65_536);
  return {
    bytes: (chunk) => {
      buffer.set(chunk);
      sink.bytes(buffer.subarray(0, chunk.length));
    },
  };
}

function newestFirst(connection: Connection): Partial<Connection> {
  const waiting: Uint8Array[] = [];
  return {
    write: (bytes) => {
      waiting.unshift(bytes);
      queueMicrotask(() => {
        for (const each of waiting.splice(0)) connection.write(each);
      });
      return true;
    },
  };
}

function firstConnectionOnly(dial: Dial): Dial {
  let first: Connection | undefined;
  return async (target, signal) => {
    const connection = await dial(target, signal);
    first ??= connection;
    const shared = first;
    return { ...connection, start: (sink) => (connection === shared ? connection : shared).start(sink) };
  };
}

function losingWhilePaused(connection: Connection): Partial<Connection> {
  let isPaused = false;
  return {
    start: (sink) =>
      connection.start({
        bytes: (chunk) => (isPaused ? undefined : sink.bytes(chunk)),
        drained: () => sink.drained(),
        closed: (error) => sink.closed(error),
      }),
    pause: () => void (isPaused = true),
    resume: () => void (isPaused = false),
  };
}

function hoardingWhilePaused(connection: Connection): Partial<Connection> {
  const hoard: Uint8Array[] = [];
  let started: ConnectionSink | undefined;
  let isPaused = false;
  return {
    start: (sink) => {
      started = sink;
      connection.start({
        bytes: (chunk) => (isPaused ? void hoard.push(chunk) : sink.bytes(chunk)),
        drained: () => sink.drained(),
        closed: (error) => sink.closed(error),
      });
    },
    pause: () => void (isPaused = true),
    resume: () => {
      isPaused = false;
      for (const chunk of hoard.splice(0)) started?.bytes(chunk);
    },
  };
}

function closableWhenStarted(connection: Connection): Partial<Connection> {
  let isStarted = false;
  return {
    start: (sink) => {
      isStarted = true;
      connection.start(sink);
    },
    close: () => (isStarted ? connection.close() : never()),
  };
}

function notClosableWhilePaused(connection: Connection): Partial<Connection> {
  let isPaused = false;
  return {
    pause: () => {
      isPaused = true;
      connection.pause();
    },
    close: () => (isPaused ? never() : connection.close()),
  };
}

function throwingAfterClose(connection: Connection): Partial<Connection> {
  let isOver = false;
  return {
    write: (bytes) => {
      if (isOver) throw new Error('write after end');
      return connection.write(bytes);
    },
    close: () => {
      isOver = true;
      return connection.close();
    },
    destroy: () => {
      isOver = true;
      connection.destroy();
    },
  };
}

function deaf(dial: Dial): Dial {
  return (target) => dial(target, new AbortController().signal);
}

function leaking(dial: Dial): Dial {
  return async (target, signal) => {
    const connection = await deaf(dial)(target, signal);
    if (signal.aborted) throw transportError('aborted');
    return connection;
  };
}
