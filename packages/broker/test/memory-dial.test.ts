import { EventEmitter } from 'node:events';
import type { Connection, Target } from '@omqtt/contracts';
import { peerQueue, socketExamPeer, transportExam, type SocketLike, type TransportSetup } from '@omqtt/testkit';
import { expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { memoryDial } from '../src/memory-dial.ts';
import { connect } from './raw-client.ts';

const target: Target = { scheme: 'mqtt', host: 'memory', port: 1883, path: '' };

test.each(transportExam(examSetup()))('the transport in memory passes: $title', async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

test('a client that is cut hears that its connection was lost, and one that is told goodbye does not', async () => {
  await using broker = await startBroker({ listeners: [] });
  const ends: unknown[] = [];
  for (const clientId of ['cut', 'told']) {
    const connection = await broker.dial(target, AbortSignal.timeout(5000));
    connection.start({ bytes: () => {}, drained: () => {}, closed: (error) => ends.push([clientId, error?.code]) });
    if (clientId === 'cut') broker.cut();
    else await connection.close();
    await expect.poll(() => ends.length).toBeGreaterThan(clientId === 'cut' ? 0 : 1);
  }
  expect(ends).toEqual([
    ['cut', 'connection-lost'],
    ['told', undefined],
  ]);
  await connect(broker);
});

function examSetup(): TransportSetup {
  const peers = peerQueue();
  let isListening = true;
  return {
    dial: memoryDial(
      (server) => peers.push(socketExamPeer(new SocketOver(server))),
      () => !isListening,
    ),
    listen: async () => {
      isListening = true;
      return {
        target,
        accept: () => peers.next(),
        close: async () => {
          isListening = false;
        },
      };
    },
  };
}

/** A connection with the events of a socket, as the exam wants its far end. */
class SocketOver implements SocketLike {
  readonly #events = new EventEmitter();
  readonly #connection: Connection;
  readonly #waiting: (() => void)[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
    queueMicrotask(() =>
      connection.start({
        bytes: (chunk) => this.#events.emit('data', chunk),
        drained: () => this.#goOn(),
        closed: () => {
          this.#events.emit('close');
          this.#goOn();
        },
      }),
    );
  }

  on(event: string, listener: (...values: never[]) => void): void {
    this.#events.on(event, (...values: unknown[]) => void Reflect.apply(listener, undefined, values));
  }

  write(bytes: Uint8Array, done: () => void): void {
    if (this.#connection.write(bytes)) done();
    else this.#waiting.push(done);
  }

  end(): void {
    void this.#connection.close();
  }

  pause(): void {
    this.#connection.pause();
  }

  resume(): void {
    this.#connection.resume();
  }

  resetAndDestroy(): void {
    this.#connection.destroy();
  }

  #goOn(): void {
    for (const done of this.#waiting.splice(0)) done();
  }
}
