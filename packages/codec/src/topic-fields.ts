/** Topics and filters as packets carry them. */
import type { PacketReader } from './packet-reader.ts';
import type { PacketWriter } from './packet-writer.ts';
import { remembered } from '#platform';
import { writeText, type WriteText } from './text.ts';
import { checkTopicFilter } from './topic-filter.ts';
import { checkTopicName } from './topic-name.ts';

/** Refuses what is no topic name, with `statement` where it says more than that names have no wildcards. */
export const writeTopic: WriteText = /* @__PURE__ */ remembered((writer, topic, field, statement) => {
  if (typeof topic !== 'string') writer.fail('bad-value', field);
  const problem = checkTopicName(topic);
  if (problem) writer.fail(problem, field, problem === 'empty-topic' ? undefined : statement);
  writeText(writer, topic, field);
});

export function readTopic(reader: PacketReader, statement?: string): string {
  const topic = reader.topic(statement);
  if (topic === '') reader.fail('empty-topic');
  return topic;
}

export function writeFilter(writer: PacketWriter, filter: string): void {
  if (typeof filter !== 'string') writer.fail('bad-value', 'filter');
  const problem = checkTopicFilter(filter, writer.version);
  if (problem) writer.fail(problem, 'filter');
  writeText(writer, filter, 'filter');
}

export function readFilter(reader: PacketReader): string {
  const filter = reader.text();
  const problem = checkTopicFilter(filter, reader.version);
  if (problem) reader.fail(problem);
  return filter;
}
