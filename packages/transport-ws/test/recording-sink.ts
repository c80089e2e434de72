import type { Connection, ConnectionSink, TransportError } from '@omqtt/contracts';
import { onTestFinished } from 'vitest';

/** Notes what a connection tells, and lets tests wait for it. */
export class RecordingSink implements ConnectionSink {
  readonly chunks: Uint8Array[] = [];
  readonly endings: (TransportError | undefined)[] = [];
  drains = 0;
  #length = 0;
  #watchers: (() => void)[] = [];

  bytes(chunk: Uint8Array): void {
    if (this.endings.length > 0) throw new Error('bytes after closed');
    this.chunks.push(chunk);
    this.#length += chunk.length;
    this.#changed();
  }

  drained(): void {
    if (this.endings.length > 0) throw new Error('drained after closed');
    this.drains += 1;
    this.#changed();
  }

  closed(error?: TransportError): void {
    this.endings.push(error);
    this.#changed();
  }

  get received(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** All bytes, when there are at least so many. */
  async receivedAtLeast(count: number): Promise<Buffer> {
    await this.#until(() => this.#length >= count);
    return this.received;
  }

  async drainedOnce(): Promise<void> {
    await this.#until(() => this.drains > 0);
  }

  /** How it ended. */
  async ending(): Promise<TransportError | undefined> {
    await this.#until(() => this.endings.length > 0);
    return this.endings[0];
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  #changed(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const wake of watchers) wake();
  }
}

/** Starts the connection with a new sink, and destroys it when the test has finished. */
export function startRecording(connection: Connection): RecordingSink {
  const sink = new RecordingSink();
  onTestFinished(() => connection.destroy());
  connection.start(sink);
  return sink;
}
