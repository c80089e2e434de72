/** Topic aliases (§3.3.2.3.4): one table for each connection and direction. */
import type { InspectedPacketOf } from '../decode/inspected-packet.ts';
import type { RuleName } from '../lint/rule.ts';
import { report, type Turn } from './turn.ts';

const path = 'properties.topicAlias';

/** The topic of the message, from the table if it is not in the packet. */
export function resolveTopic(turn: Turn, { topic, properties }: InspectedPacketOf<'publish'>): string | undefined {
  const alias = properties?.topicAlias;
  if (alias === undefined || alias === 0) return topic;
  checkMaximum(turn, alias);
  const { connection, record, shared } = turn;
  const { direction } = record;
  const table = connection.aliases[direction];
  if (topic === undefined || topic === '') {
    const known = table.get(alias);
    if (known === undefined) reportUnknown(turn, alias);
    return known ?? topic;
  }
  const characters = connection.aliasCharacters[direction] + topic.length - (table.get(alias)?.length ?? 0);
  if (characters <= shared.limits.maximumAliasCharacters) {
    connection.aliasCharacters[direction] = characters;
    table.set(alias, topic);
  }
  return topic;
}

function checkMaximum(turn: Turn, alias: number): void {
  const { connect, connack } = turn.connection;
  const isClient = turn.record.direction === 'c2s';
  const other = isClient ? connack : connect;
  // Before CONNACK the client cannot know, and of a connection that was not seen from its beginning nor can we.
  if (other === undefined) return;
  const maximum = other.properties?.topicAliasMaximum ?? 0;
  if (alias <= maximum) return;
  const detail = `${alias} of ${maximum}`;
  if (isClient) say(turn, maximum === 0 ? 'alias-not-taken-by-server' : 'alias-over-server-maximum', detail);
  else say(turn, maximum === 0 ? 'alias-not-taken-by-client' : 'alias-over-client-maximum', detail);
}

function reportUnknown(turn: Turn, alias: number): void {
  const { connection, record } = turn;
  // Set before the capture began, perhaps.
  if (connection.connect === undefined || hasForgotten(turn)) return;
  const was = connection.session.aliases?.[record.direction].has(alias);
  say(turn, was ? 'alias-of-old-connection' : 'unknown-alias', String(alias));
}

function hasForgotten({ connection, record, shared }: Turn): boolean {
  return connection.aliasCharacters[record.direction] > shared.limits.maximumAliasCharacters - 65_536;
}

function say(turn: Turn, rule: RuleName, detail: string): void {
  turn.connection.said.add(rule);
  report(turn, rule, { path, detail });
}
