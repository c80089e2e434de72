import type { ConnectionSink, TransportError } from '@omqtt/contracts';

/** Keeps everything that a connection tells, in its order. */
export class RecordingSink implements ConnectionSink {
  readonly calls: ('bytes' | 'drained' | 'closed')[] = [];
  readonly chunks: Uint8Array[] = [];
  readonly endings: (TransportError | undefined)[] = [];
  readonly #watchers = new Set<() => void>();

  bytes(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.#note('bytes');
  }

  drained(): void {
    this.#note('drained');
  }

  closed(error?: TransportError): void {
    this.endings.push(error);
    this.#note('closed');
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  get byteCount(): number {
    return this.chunks.reduce((sum, { length }) => sum + length, 0);
  }

  count(call: 'bytes' | 'drained' | 'closed'): number {
    return this.calls.filter((each) => each === call).length;
  }

  /** Resolves as soon as a call makes it true. */
  until(isSo: (sink: this) => boolean): Promise<void> {
    if (isSo(this)) return Promise.resolve();
    return new Promise((resolve) => {
      const watcher = (): void => {
        if (!isSo(this)) return;
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
    });
  }

  /** How it ended. */
  async ending(): Promise<TransportError | undefined> {
    await this.until((sink) => sink.endings.length > 0);
    return this.endings[0];
  }

  #note(call: 'bytes' | 'drained' | 'closed'): void {
    this.calls.push(call);
    for (const watcher of this.#watchers) watcher();
  }
}
