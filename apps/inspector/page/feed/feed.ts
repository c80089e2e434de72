/** Where packets come from: the server of the inspector, or a worker that reads a dropped file. Both say the same. */
import type { PageMessage, ServerMessage } from '../../src/api/messages.ts';
import type { Mark } from '../marks.ts';
import type { ExportFormat } from '../../src/api/routes.ts';

export interface FeedSink {
  message(message: ServerMessage): void;
  /** Nothing more will come; `reason` is a sentence for the reader. */
  ended(reason: string): void;
  /** A file brought marks. */
  marked(marks: readonly Mark[]): void;
}

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly filter: string;
  readonly withSecrets: boolean;
  readonly marks: readonly (readonly [number: number, comment: string])[];
}

export interface ExportedFile {
  readonly url: string;
  readonly name: string;
}

export interface Feed {
  readonly kind: 'live' | 'file';
  start(sink: FeedSink): void;
  send(message: PageMessage): void;
  /** Where the file can be fetched: an address of the server, or a blob that `close` or the next export frees. */
  export(request: ExportRequest): Promise<ExportedFile>;
  close(): void;
}

export function exportName({ format, withSecrets }: ExportRequest): string {
  return `mqtt-capture${withSecrets ? '-with-secrets' : ''}.${format}`;
}
