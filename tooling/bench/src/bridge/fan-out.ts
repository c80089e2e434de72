/** Messages of the broker to many readers of event streams. */
import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { connect } from 'omqtt';
import { cpuOf } from './publish-cost.ts';
import { SECRET, type ServerProcess } from './servers.ts';

const MARK = Buffer.from('\nevent: message\n');
const payload = 'x'.repeat(64);

export interface FanOut {
  readonly readers: number;
  readonly messages: number;
  /** So many are published before those before were read. */
  readonly window: number;
}

/** Microseconds of CPU of the bridge for a frame. Throws when a reader has missed one. */
export async function fanOutCost(server: ServerProcess, broker: string, plan: FanOut): Promise<number> {
  const { readers, messages, window } = plan;
  const topic = `bench/fan-out/${process.hrtime.bigint()}`;
  const all = await Promise.all(Array.from({ length: readers }, () => Reader.open(server.port, topic)));
  const client = await connect(broker);
  try {
    const microseconds = await cpuOf(server, async () => {
      for (let sent = 0; sent < messages; sent += window) {
        const count = Math.min(window, messages - sent);
        const publishing = Array.from({ length: count }, () => client.publish(topic, payload, { qos: 1 }));
        await Promise.all([...publishing, ...all.map((reader) => reader.read(sent + count))]);
      }
    });
    return microseconds / (readers * messages);
  } finally {
    await client.close();
    for (const reader of all) reader.close();
  }
}

class Reader {
  readonly #response: IncomingMessage;
  #count = 0;
  #rest: Buffer = Buffer.alloc(0);
  #wanted:
    | { readonly count: number; readonly resolve: () => void; readonly reject: (error: Error) => void }
    | undefined;

  constructor(response: IncomingMessage) {
    this.#response = response;
    response.on('data', (chunk: Buffer) => this.#take(chunk));
    response.on('close', () => this.#wanted?.reject(new Error(`a stream ended after ${this.#count} messages`)));
  }

  /** Resolves when it is subscribed. */
  static async open(port: number, filter: string): Promise<Reader> {
    const headers = { authorization: `Bearer omq_bench_${SECRET}` };
    const path = `/v1/events?filter=${encodeURIComponent(filter)}&snapshot=none`;
    const request = get({ port, host: '127.0.0.1', path, headers, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    // `ready`.
    const [first] = (await once(response, 'data')) as [Buffer];
    if (response.statusCode !== 200) throw new Error(`a stream was answered ${first.toString()}`);
    return new Reader(response);
  }

  read(count: number): Promise<void> {
    if (this.#count >= count) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#wanted = { count, resolve, reject };
    });
  }

  close(): void {
    this.#response.destroy();
  }

  #take(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    let end = 0;
    for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, end)) {
      this.#count += 1;
      end = at + MARK.length - 1;
    }
    // A mark may be cut in two.
    this.#rest = bytes.subarray(Math.max(end, bytes.length - MARK.length + 1));
    if (this.#wanted === undefined || this.#count < this.#wanted.count) return;
    const { resolve } = this.#wanted;
    this.#wanted = undefined;
    resolve();
  }
}
