/** `GET /api/export`: the stored records as a file, in pieces, so that a slow reader is waited for and pages go on. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import {
  exportPcapng,
  omqEntries,
  omqMagic,
  redact,
  toNdjsonLine,
  type MarkComments,
  type PacketRecord,
} from '@omqtt/inspect';
import type { ExportFormat } from '../api/routes.ts';
import { securityHeaders } from './page-files.ts';

const PIECE_BYTES = 262_144;

const types: Readonly<Record<ExportFormat, string>> = {
  ndjson: 'application/x-ndjson',
  omq: 'application/octet-stream',
  pcapng: 'application/vnd.tcpdump.pcap',
};

export function isExportFormat(text: string): text is ExportFormat {
  return Object.hasOwn(types, text);
}

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly areSecretsShown: boolean;
  readonly marks?: MarkComments;
}

export async function sendExport(
  response: ServerResponse,
  records: Iterable<PacketRecord>,
  { format, areSecretsShown, marks }: ExportRequest,
): Promise<void> {
  const name = `inspector-${areSecretsShown ? 'with-secrets' : 'sanitized'}.${format}`;
  response.writeHead(200, {
    ...securityHeaders,
    'content-type': types[format],
    'content-disposition': `attachment; filename="${name}"`,
  });
  const shown = (record: PacketRecord): PacketRecord => (areSecretsShown ? record : redact(record));
  for (const piece of piecesOf({ format, marks, records: shownOf(records, shown) })) {
    if (response.destroyed) return;
    if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}

interface Content {
  readonly format: ExportFormat;
  readonly marks: MarkComments | undefined;
  readonly records: Iterable<PacketRecord>;
}

function* shownOf(
  records: Iterable<PacketRecord>,
  shown: (record: PacketRecord) => PacketRecord,
): Generator<PacketRecord> {
  for (const record of records) yield shown(record);
}

function* linesOf({ records, marks }: Content): Generator<Uint8Array> {
  for (const record of records) yield Buffer.from(toNdjsonLine(record, marks?.get(record.number)));
}

function* piecesOf(content: Content): Generator<Uint8Array> {
  const { format, marks, records } = content;
  if (format === 'pcapng') {
    yield exportPcapng(records, marks);
    return;
  }
  let waiting: Uint8Array[] = format === 'omq' ? [omqMagic] : [];
  let bytes = 0;
  for (const entry of format === 'omq' ? omqEntries(records, marks) : linesOf(content)) {
    waiting.push(entry);
    bytes += entry.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  yield Buffer.concat(waiting);
}
