/** The thread that decodes, seen from the one that forwards. Whatever becomes of it, forwarding goes on. */
import { Worker } from 'node:worker_threads';
import { InspectorError } from '../inspector-errors.ts';
import { Feed } from './feed.ts';
import type { FromThread, InspectionSummary, ThreadOptions, ToThread } from './thread-messages.ts';

const isSource = import.meta.url.endsWith('.ts');
const file = new URL(isSource ? './worker.ts' : './worker.js', import.meta.url);
const CLOSE_TIMEOUT_MS = 10_000;
/** For what is no record: sessions, counts, pages, exports. */
const SPARE_MEBIBYTES = 256;

export type ReadyMessage = Extract<FromThread, { readonly type: 'ready' }>;

export class InspectionThread {
  readonly feed: Feed;
  readonly #worker: Worker;
  readonly #ending = new Int32Array(new SharedArrayBuffer(4));
  readonly #report: (text: string) => void;
  readonly #waiting: ((message: FromThread | undefined) => void)[] = [];
  #isOver = false;
  #isClosing = false;

  constructor(options: Omit<ThreadOptions, 'ending'>, report: (text: string) => void) {
    this.#report = report;
    this.#worker = new Worker(file, {
      name: 'omqtt-inspector',
      workerData: { ...options, ending: this.#ending.buffer } satisfies ThreadOptions,
      resourceLimits: { maxOldGenerationSizeMb: heapMebibytes(options.maximumStoredBytes) },
      execArgv: isSource ? ['--conditions=@omqtt/source'] : [],
    });
    this.feed = new Feed(options.ring, () => this.#tell({ type: 'wake' }));
    this.#worker.on('message', (message: FromThread) => {
      if (message.type === 'note') report(message.text);
      else this.#waiting.shift()?.(message);
    });
    this.#worker.on('error', (error: unknown) => this.#ended(String(error)));
    this.#worker.on('exit', () => this.#ended('its thread has ended'));
  }

  async ready(): Promise<ReadyMessage> {
    const message = await this.#next();
    if (message?.type === 'ready') return message;
    if (message?.type === 'failed') throw new InspectorError(message.code, message.message);
    throw new InspectorError('inspection-failed', 'The inspection did not start.');
  }

  tellRoutes(routes: Extract<ToThread, { readonly type: 'routes' }>['routes']): void {
    this.#tell({ type: 'routes', routes });
  }

  /** Resolves when everything has been judged and the thread is gone; `undefined`: it failed before. */
  async close(timeoutMs: number = CLOSE_TIMEOUT_MS): Promise<InspectionSummary | undefined> {
    if (this.#isOver) return undefined;
    this.#isClosing = true;
    const answer = this.#next();
    Atomics.store(this.#ending, 0, 1);
    this.#tell({ type: 'close' });
    const timer = setTimeout(() => void this.#worker.terminate(), timeoutMs);
    const message = await answer;
    clearTimeout(timer);
    await this.#worker.terminate();
    return message?.type === 'closed' ? message.summary : undefined;
  }

  #next(): Promise<FromThread | undefined> {
    if (this.#isOver) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #tell(message: ToThread): void {
    if (!this.#isOver) this.#worker.postMessage(message, []);
  }

  #ended(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.feed.turnOff();
    if (!this.#isClosing) this.#report(`The inspection failed (${why}): packets are forwarded but not shown any more.`);
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
  }
}

/** Without a limit V8 lets dropped records lie until they are several times the kept ones. */
function heapMebibytes(storedBytes: number): number {
  return Math.ceil((storedBytes * 1.5) / 1_048_576) + SPARE_MEBIBYTES;
}
