/** Which packet may come at all in the phase that the connection is in. */
import { isFailure } from '@omqtt/codec';
import { senderOf } from '../direction.ts';
import type { InspectedPacket, InspectedPacketOf } from '../decode/inspected-packet.ts';
import { report, reportOnce, type Turn } from './turn.ts';

/** Packets that were on their way when something happened may still come for so long. */
const ON_ITS_WAY_MS = 1000;

export function checkPhase(turn: Turn, packet: InspectedPacket): void {
  const { connection, record } = turn;
  const sender = senderOf(record.direction);
  if (connection.disconnectedBy === sender) return report(turn, 'after-disconnect');
  if (sender === 'client') return checkClient(turn, packet);
  return checkServer(turn, packet);
}

function checkClient(turn: Turn, { type }: InspectedPacket): void {
  const { connection, now } = turn;
  if (connection.connect === undefined && type !== 'connect' && connection.packets.c2s === 1) {
    if (!connection.isPartial) report(turn, 'before-connect');
    return;
  }
  const { connect, connack } = connection;
  const isWaiting = connect?.properties?.authenticationMethod !== undefined && connack === undefined;
  if (isWaiting && type !== 'auth' && type !== 'disconnect' && type !== 'connect') report(turn, 'sent-before-connack');
  if (connection.isSessionForeign && type !== 'disconnect') reportOnce(turn, 'kept-foreign-session');
  const isLate = now > connection.disconnectedAt + ON_ITS_WAY_MS;
  if (connection.hasReAuthenticationFailed && isLate) reportOnce(turn, 'kept-after-failed-re-authentication');
}

function checkServer(turn: Turn, { type }: InspectedPacket): void {
  const { connection, now } = turn;
  const { connect, connack, malformedAt, takenOverAt } = connection;
  if (connack !== undefined && isFailure(connack.reasonCode ?? 0)) return report(turn, 'after-refusal');
  if (type === 'disconnect') {
    if (connect && connack === undefined) report(turn, 'disconnect-before-connack');
    return undefined;
  }
  if (connect && connack === undefined && type !== 'connack' && type !== 'auth') report(turn, 'before-connack');
  if (malformedAt !== undefined && now > malformedAt + ON_ITS_WAY_MS) reportOnce(turn, 'after-malformed');
  if (takenOverAt !== undefined && now > takenOverAt + ON_ITS_WAY_MS) reportOnce(turn, 'served-after-takeover');
  return undefined;
}

export function onDisconnect(turn: Turn, packet: InspectedPacketOf<'disconnect'>): void {
  const { connection, record, now } = turn;
  const sender = senderOf(record.direction);
  connection.disconnectedBy ??= sender;
  connection.disconnectedAt = now;
  connection.disconnectNumber = record.number;
  if (sender === 'server' && connection.isReAuthenticating) connection.hasReAuthenticationFailed = true;
  const { connect, connack } = connection;
  const expiry = packet.properties?.sessionExpirySeconds;
  if (sender === 'client' && expiry !== undefined) {
    const before = connect?.properties?.sessionExpirySeconds ?? 0;
    if (before === 0 && expiry > 0 && connect) {
      report(turn, 'raised-expiry', { path: 'properties.sessionExpirySeconds' });
    }
    connection.session.expirySeconds = expiry;
  }
  if (packet.reasonCode === 0x94) checkAliasRefusal(turn);
  if (packet.reasonCode === 0x9b && sender === 'server' && connack && (connack.properties?.maximumQoS ?? 2) === 2) {
    report(turn, 'unannounced-maximum-qos', { path: 'reasonCode' });
  }
}

/** Topic Alias invalid: was there one? */
function checkAliasRefusal(turn: Turn): void {
  const { connection, record } = turn;
  const sender = senderOf(record.direction);
  const isGuilty = ['alias-zero', ...aliasRules].some((rule) => connection.said.has(rule as 'alias-zero'));
  const sent = connection.aliases[sender === 'client' ? 's2c' : 'c2s'];
  if (isGuilty || sent.size === 0) return;
  report(turn, sender === 'client' ? 'sound-alias-refused-by-client' : 'sound-alias-refused-by-server', {
    path: 'reasonCode',
  });
}

const aliasRules = [
  'alias-over-server-maximum',
  'alias-not-taken-by-server',
  'alias-over-client-maximum',
  'alias-not-taken-by-client',
  'unknown-alias',
  'alias-of-old-connection',
] as const;
