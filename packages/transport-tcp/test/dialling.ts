import type { Connection, Dial, Target, TransportError } from '@omqtt/contracts';
import { expect, onTestFinished, vi } from 'vitest';
import { SocketError, tcp, type TcpOptions } from '../src/index.ts';
import { RecordingSink } from './recording-sink.ts';

export function target(members: Partial<Target>): Target {
  return { scheme: 'mqtt', host: '127.0.0.1', port: 1883, path: '', ...members };
}

/** Longer than a test may take: what should end by itself is not ended by the time. */
const patience = 600_000;

/** A connection that ends with the test. */
export async function connected(members: Partial<Target>, options: TcpOptions = {}): Promise<Connection> {
  const connection = await tcp({ closeTimeoutMs: patience, ...options })(target(members), never());
  onTestFinished(() => connection.destroy());
  return connection;
}

/** The same, started. */
export async function started(
  members: Partial<Target>,
  options: TcpOptions = {},
): Promise<{ connection: Connection; sink: RecordingSink }> {
  const connection = await connected(members, options);
  const sink = new RecordingSink();
  connection.start(sink);
  return { connection, sink };
}

/** The error of a dial that has to fail, with the handles that it left. */
export async function failure(
  members: Partial<Target>,
  options: TcpOptions = {},
  signal: AbortSignal = never(),
): Promise<SocketError> {
  return failureOf(tcp(options), target(members), signal);
}

async function failureOf(dial: Dial, to: Target, signal: AbortSignal): Promise<SocketError> {
  const outcome = await dial(to, signal).then(
    (connection) => {
      connection.destroy();
      return undefined;
    },
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(SocketError);
  return outcome as SocketError;
}

/** The facts of an error, without its text. */
export function facts({
  code,
  phase,
  retryable,
}: TransportError): Pick<TransportError, 'code' | 'phase' | 'retryable'> {
  return { code, phase, retryable };
}

export function never(): AbortSignal {
  return new AbortController().signal;
}

/** How many sockets this process has open, of servers and clients, without the listening ones. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => /^(?:TCPSocket|TLS|Pipe)Wrap$/.test(name)).length - ownPipes;
}

// Of the test runner.
const ownPipes = process.getActiveResourcesInfo().filter((name) => name === 'PipeWrap').length;

/** A handle is closed one turn of the loop after its socket, also those of the test before. */
export async function expectSockets(count: number): Promise<void> {
  await vi.waitFor(() => expect(openSockets()).toBe(count), { interval: 5 });
}
