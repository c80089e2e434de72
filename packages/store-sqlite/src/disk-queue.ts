/** What is asked of the disk, in the order of the calls. While one commit runs, later ones gather and become one. */
import type { StoreChange } from '@omqtt/contracts';
import { BatchWriter, UnknownChangeError } from './batch-writer.ts';
import type { DiskThread } from './disk-thread.ts';
import { SqliteStoreError } from './sqlite-store-error.ts';
import type { CommitReply } from './wire.ts';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface CommitGroup {
  readonly writer: BatchWriter;
  readonly waiters: Waiter[];
}

/** Who commits without waiting for the disk must not fill the memory. One commit may be larger. */
const MOST_GATHERED_BYTES = 256 * 1024 * 1024;
/** A larger batch is not kept for the next one. */
const MOST_SPARE_BYTES = 4 * 1024 * 1024;

export class DiskQueue {
  readonly #thread: DiskThread;
  readonly #path: string;
  readonly #tasks: (() => Promise<void>)[] = [];
  #isRunning = false;
  /** The last task in the queue, if it is a commit that has not begun. */
  #gathering: CommitGroup | undefined;
  #spare: Uint8Array<ArrayBuffer> | undefined;

  constructor(thread: DiskThread, path: string) {
    this.#thread = thread;
    this.#path = path;
  }

  commit(changes: readonly StoreChange[]): Promise<void> {
    const group = this.#gathering ?? this.#newGroup();
    const { writer, waiters } = group;
    if (writer.bytes > MOST_GATHERED_BYTES) throw this.#error('store-full', 'the disk is behind; wait for commits');
    try {
      writer.add(changes);
    } catch (error) {
      if (error instanceof UnknownChangeError) throw this.#error('store-failed', error.message);
      throw error;
    }
    const done = new Promise<void>((resolve, reject) => waiters.push({ resolve, reject }));
    if (group !== this.#gathering) {
      this.#gathering = group;
      this.#add(() => this.#commit(group));
    }
    return done;
  }

  /** Behind all commits before it. */
  do<Result>(task: (thread: DiskThread) => Promise<Result>): Promise<Result> {
    this.#gathering = undefined;
    return new Promise((resolve, reject) => {
      this.#add(() => task(this.#thread).then(resolve, reject));
    });
  }

  #newGroup(): CommitGroup {
    const space = this.#spare;
    this.#spare = undefined;
    return { writer: new BatchWriter(space), waiters: [] };
  }

  #add(task: () => Promise<void>): void {
    this.#tasks.push(task);
    if (!this.#isRunning) void this.#run();
  }

  // No task rejects: each tells those who wait for it.
  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let task = this.#tasks.shift(); task !== undefined; task = this.#tasks.shift()) await task();
    this.#isRunning = false;
  }

  async #commit(group: CommitGroup): Promise<void> {
    if (this.#gathering === group) this.#gathering = undefined;
    const { writer, waiters } = group;
    const batch = writer.finish();
    try {
      const reply = await this.#thread.ask({ type: 'commit', batch, ends: writer.ends, puts: writer.puts }, [
        batch.buffer,
      ]);
      this.#settle(waiters, reply);
    } catch (error) {
      for (const { reject } of waiters) reject(error);
    }
  }

  #settle(waiters: readonly Waiter[], { batch, faults }: CommitReply): void {
    // All of its space, not only what was used of it.
    if (batch.buffer.byteLength <= MOST_SPARE_BYTES) this.#spare = new Uint8Array(batch.buffer);
    for (const [index, { resolve, reject }] of waiters.entries()) {
      const fault = faults?.[index];
      if (fault === undefined) resolve();
      else reject(new SqliteStoreError(fault, this.#path));
    }
  }

  #error(code: 'store-full' | 'store-failed', fact: string): SqliteStoreError {
    return new SqliteStoreError({ code, fact }, this.#path);
  }
}
