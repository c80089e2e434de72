/** A topic filter as SUBSCRIBE and UNSUBSCRIBE carry it. */
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { checkTopicFilter } from './topic-filter.ts';

export function writeFilter(writer: PacketWriter, filter: string): void {
  if (typeof filter !== 'string') writer.fail('bad-value', 'filter');
  const problem = checkTopicFilter(filter, writer.version);
  if (problem !== undefined) writer.fail(problem, 'filter');
  writer.text(filter, 'filter');
}

export function readFilter(reader: PacketReader): string {
  const filter = reader.text();
  const problem = checkTopicFilter(filter, reader.version === '3.1.1' ? '3.1.1' : '5.0');
  if (problem !== undefined) reader.fail(problem);
  return filter;
}
