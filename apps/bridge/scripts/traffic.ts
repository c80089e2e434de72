/** Callers of a bridge who publish numbered messages in all ways that there are, and note what they were told. */
import { Agent, request } from 'node:http';

/** What the caller knows about its message. */
export type Outcome = 'accepted' | 'not-sent' | 'unknown';

interface Told {
  /** Of a single message it is that of the answer, so it is not in the body. */
  readonly status?: number;
  readonly problem?: { readonly outcome?: string };
  readonly outcome?: string;
}

const TOPICS = 97;
const CALLERS = 16;
/** Of a hundred requests. */
const SINGLE = 90;
const BATCH = 5;
const MANY = 200;

export class TrafficSource {
  readonly #url: string;
  readonly #outcomes: Outcome[];
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  #next = 0;
  /** Not sent, and tried again. */
  readonly #again: number[] = [];
  #done = 0;
  #accepted = 0;
  #waiting: { readonly at: number; readonly resolve: () => void } | undefined;

  constructor(url: string, messages: number) {
    this.#url = url;
    this.#outcomes = Array.from({ length: messages }, () => 'unknown' as const);
  }

  /** Messages with an answer. */
  get done(): number {
    return this.#done;
  }

  get accepted(): number {
    return this.#accepted;
  }

  /** Resolves when so many have an answer. */
  reached(count: number): Promise<void> {
    if (this.#done >= count) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { at: count, resolve };
    });
  }

  /** Until the last message has its answer; callers pause while `mayGoOn` says so. */
  async run(mayGoOn: () => boolean): Promise<readonly Outcome[]> {
    await Promise.all(Array.from({ length: CALLERS }, () => this.#call(mayGoOn)));
    this.#agent.destroy();
    return this.#outcomes;
  }

  async #call(mayGoOn: () => boolean): Promise<void> {
    for (let turn = 0; this.#done < this.#outcomes.length; turn += 1) {
      // Others may still have to try theirs again.
      while (this.#done < this.#outcomes.length && (this.#isEmpty || !mayGoOn())) await pause(5);
      const kind = turn % 100;
      if (kind < SINGLE) await this.#single(this.#take(1));
      else if (kind < SINGLE + BATCH) await this.#batch(this.#take(MANY));
      else await this.#stream(this.#take(MANY));
      this.#wake();
      // As whoever is told to come back later would.
      if (this.#again.length > 0) await pause(50);
    }
  }

  get #isEmpty(): boolean {
    return this.#next >= this.#outcomes.length && this.#again.length === 0;
  }

  /** Those that wait to be tried again, or the next ones, as far as there are any. */
  #take(count: number): readonly number[] {
    if (this.#again.length > 0) return this.#again.splice(0, count);
    const first = this.#next;
    this.#next = Math.min(first + count, this.#outcomes.length);
    return Array.from({ length: this.#next - first }, (_, index) => first + index);
  }

  async #single([number]: readonly number[]): Promise<void> {
    if (number === undefined) return;
    const text = await this.#post(`/v1/topics/day/${number % TOPICS}`, 'text/plain', String(number));
    this.#note(number, JSON.parse(text) as Told);
  }

  async #batch(numbers: readonly number[]): Promise<void> {
    const messages = numbers.map(envelopeOf);
    const text = await this.#post('/v1/publish/batch', 'application/json', JSON.stringify({ messages }));
    const answer = JSON.parse(text) as Told & { readonly results?: readonly Told[] };
    // The whole request may be refused.
    for (const [index, number] of numbers.entries()) this.#note(number, answer.results?.[index] ?? answer);
  }

  /** With a receipt for each line. */
  async #stream(numbers: readonly number[]): Promise<void> {
    const lines = numbers.map((number) => `${JSON.stringify(envelopeOf(number))}\n`).join('');
    const text = await this.#post('/v1/publish/stream', 'application/x-ndjson', lines);
    for (const line of text.trimEnd().split('\n')) {
      const receipt = JSON.parse(line) as Told & { readonly line?: number; readonly code?: string };
      if (receipt.code !== undefined) {
        for (const number of numbers) this.#note(number, receipt);
        return;
      }
      const number = numbers[(receipt.line ?? 0) - 1];
      if (number !== undefined) this.#note(number, receipt);
    }
  }

  #note(number: number, told: Told | undefined): void {
    const outcome = outcomeOf(told);
    // Every other one is given up, to see that it does not arrive after all.
    if (outcome === 'not-sent' && number % 2 === 0) {
      this.#again.push(number);
      return;
    }
    this.#outcomes[number] = outcome;
    this.#done += 1;
    if (outcome === 'accepted') this.#accepted += 1;
  }

  #wake(): void {
    if (this.#waiting === undefined || this.#done < this.#waiting.at) return;
    this.#waiting.resolve();
    this.#waiting = undefined;
  }

  #post(path: string, type: string, body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body), prefer: 'receipts=all' };
      const sent = request(`${this.#url}${path}`, { method: 'POST', agent: this.#agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(text));
        response.on('error', reject);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

function outcomeOf(told: Told | undefined): Outcome {
  if (told === undefined) return 'unknown';
  const said = told.problem?.outcome ?? told.outcome;
  if (said === undefined) return told.status === undefined || told.status === 200 ? 'accepted' : 'unknown';
  return said === 'not-sent' || said === 'rejected' ? 'not-sent' : 'unknown';
}

function pause(lengthMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, lengthMs));
}

function envelopeOf(number: number): object {
  return { topic: `day/${number % TOPICS}`, payload: String(number), qos: 1 };
}
