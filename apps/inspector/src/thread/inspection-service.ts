/** Reads the ring in slices, so that pages are served meanwhile, and hands what it finds to printer, file, judge and pages. */
import { defaultLimits, Inspection } from '@omqtt/inspect';
import { Judge } from '../assert/judge.ts';
import type { RouteView } from '../api/messages.ts';
import { InspectorServer } from '../http/inspector-server.ts';
import { Printer } from '../print/printer.ts';
import { CaptureFile } from '../record/capture-file.ts';
import { Recorder, type Decoder, type RecordListener } from '../record/recorder.ts';
import { nowMs } from './clock.ts';
import { faultyDecoder } from './planted-fault.ts';
import { after, Pace, SLICE_MS } from './pace.ts';
import { RingReader } from './ring.ts';
import type { InspectionSummary, ThreadOptions } from './thread-messages.ts';

const TICK_MS = 1000;

export class InspectionService {
  readonly #reader: RingReader;
  readonly #pace: Pace;
  readonly #inspection: Inspection;
  readonly #recorder: Recorder;
  readonly #judge: Judge;
  readonly #file: CaptureFile | undefined;
  readonly #server: InspectorServer | undefined;
  #isReading = false;
  #tick: NodeJS.Timeout | undefined;

  /** `note` is told what is no packet, as sentences. */
  constructor(options: ThreadOptions, note: (text: string) => void) {
    const { ring, print, filter, saveFile, assertions, isRevealed, ui, plantedFault } = options;
    const { maximumStoredBytes, ending } = options;
    this.#reader = new RingReader(ring);
    this.#pace = new Pace(this.#reader);
    this.#inspection = new Inspection({ limits: { maximumStoredBytes }, isMemoryReused: true });
    this.#judge = new Judge(assertions, this.#inspection.records, { ...defaultLimits, maximumStoredBytes });
    const listeners: RecordListener[] = [{ note }];
    if (print) listeners.push(new Printer({ style: print, filter, isRevealed, ending }));
    if (saveFile !== undefined) {
      this.#file = new CaptureFile(saveFile, { filter, isRevealed });
      listeners.push(this.#file);
    }
    if (ui) {
      this.#server = new InspectorServer(this.#inspection, {
        ui,
        version: options.version,
        skippedBytes: () => this.#recorder.skippedBytes,
        // What is forgotten has to be judged before.
        beforeClear: () => this.#judge.proceed(Infinity),
      });
      listeners.push(this.#server.listener);
    }
    const decoder: Decoder = plantedFault ? faultyDecoder(this.#inspection, plantedFault) : this.#inspection;
    this.#recorder = new Recorder(decoder, listeners);
  }

  async start(): Promise<{ url: string | undefined; apiUrl: string | undefined; token: string | undefined }> {
    const addresses = await this.#server?.start();
    this.#tick = setInterval(() => this.#onTick(), TICK_MS);
    this.wake();
    return { url: addresses?.url, apiUrl: addresses?.apiUrl, token: addresses?.token };
  }

  setRoutes(routes: readonly RouteView[]): void {
    this.#server?.setRoutes(routes);
  }

  wake(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#readSlice();
  }

  async close(): Promise<InspectionSummary> {
    clearInterval(this.#tick);
    for (let entry = this.#reader.read(); entry; entry = this.#reader.read()) this.#recorder.take(entry);
    this.#recorder.time(nowMs());
    this.#file?.close();
    this.#tellProblem();
    await this.#server?.close();
    const { records } = this.#inspection;
    const last = records.at(records.length - 1)?.number ?? 0;
    return {
      packets: last,
      dropped: records.dropped,
      skippedBytes: this.#recorder.skippedBytes,
      saveProblem: this.#file?.problem,
      verdicts: this.#judge.finish(),
    };
  }

  #readSlice(): void {
    const until = performance.now() + SLICE_MS;
    let cameAt = Infinity;
    for (;;) {
      const entry = this.#reader.read();
      if (entry === undefined) {
        this.#recorder.tellChanged();
        if (this.#reader.sleep()) continue;
        this.#isReading = false;
        return;
      }
      cameAt = entry.at;
      this.#recorder.take(entry);
      if (performance.now() > until) break;
    }
    const now = nowMs();
    this.#recorder.tellChanged();
    this.#judge.proceed(now);
    after(this.#pace.restMs(now - cameAt), () => this.#readSlice());
  }

  #onTick(): void {
    const now = nowMs();
    this.#recorder.time(now);
    this.#judge.proceed(now);
    this.#file?.flush();
    this.#tellProblem();
  }

  #tellProblem(): void {
    const problem = this.#file?.takeProblem();
    if (problem !== undefined) this.#recorder.note(`Nothing is saved any more: ${problem}`);
  }
}
