/** Reads a dropped file and answers the page about it, beside the thread that draws. */
import {
  exportNdjson,
  exportOmq,
  exportPcapng,
  importCapture,
  Inspection,
  replay,
  type CaptureEvent,
  type MarkComments,
  type PacketRecord,
} from '@omqtt/inspect';
import type { WorkerAnswer, WorkerRequest } from '../feed/file-feed.ts';
import type { ExportRequest } from '../feed/feed.ts';
import type { Mark } from '../marks.ts';
import { FileDesk } from './file-desk.ts';

/** A larger file does not fit into the memory of a page with all that is made of it. */
const LARGEST_FILE_BYTES = 512 * 1024 * 1024;
/** A file is read whole, unlike traffic that never ends. */
const limits = { maximumRecords: 2_000_000, maximumStoredBytes: 1_500_000_000 };

const inspection = new Inspection({ limits });
const send = (answer: WorkerAnswer): void => postMessage(answer);
const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.addEventListener('message', () => waiting.shift()?.());
channel.port1.start();
const later = (work: () => void): void => {
  waiting.push(work);
  channel.port2.postMessage(undefined);
};
const desk = new FileDesk({ inspection, send, later });

addEventListener('message', ({ data }: MessageEvent<WorkerRequest>) => {
  if (data.type === 'open') void open(data.file);
  else if (data.type === 'export') saveAs(data.request);
  else desk.receive(data);
});

async function open(file: File): Promise<void> {
  try {
    if (file.size > LARGEST_FILE_BYTES) throw new Error(`it is larger than ${LARGEST_FILE_BYTES} bytes`);
    const { events, problems } = importCapture(new Uint8Array(await file.arrayBuffer()));
    const marks = readEvents(events);
    desk.greet(file.name);
    if (marks.length > 0) send({ type: 'marks', marks });
    const [first] = problems;
    const rest = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    const message = `Not all of ${file.name} could be read: ${first}${rest}`;
    if (first !== undefined) send({ type: 'problem', message });
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it could not be read';
    send({ type: 'failed', reason: `${file.name}: ${why}` });
  }
}

/** Returns the marks that the file has: its records have numbers of their own here. */
function readEvents(events: readonly CaptureEvent[]): Mark[] {
  const marks: Mark[] = [];
  for (const event of events) {
    const [record] = replay([event], inspection);
    if (event.type !== 'packet' || event.mark === undefined || !record) continue;
    marks.push({ number: record.number, at: record.at, comment: event.mark });
  }
  return marks;
}

function saveAs({ format, filter, withSecrets, marks }: ExportRequest): void {
  const content = contentAs(format, desk.filtered(filter, withSecrets), new Map(marks));
  send({ type: 'exported', blob: new Blob([content as BlobPart], { type: 'application/octet-stream' }) });
}

function contentAs(
  format: ExportRequest['format'],
  records: readonly PacketRecord[],
  marks: MarkComments,
): string | Uint8Array {
  switch (format) {
    case 'ndjson':
      return exportNdjson(records, marks);
    case 'omq':
      return exportOmq(records, marks);
    case 'pcapng':
      return exportPcapng(records, marks);
  }
}
