/** AUTH (§4.12): the exchange before CONNACK, and a re-authentication later. */
import type { InspectedPacketOf } from '../decode/inspected-packet.ts';
import { senderOf } from '../direction.ts';
import { addStep, endExchange, openExchange } from '../exchange.ts';
import { join, report, stepOf, type Turn } from './turn.ts';

const CONTINUE = 0x18;
const AGAIN = 0x19;
const path = 'reasonCode';

export function onAuth(turn: Turn, packet: InspectedPacketOf<'auth'>): void {
  const { connection, record } = turn;
  const sender = senderOf(record.direction);
  const method = connection.connect?.properties?.authenticationMethod;
  if (record.version !== '5.0' || connection.connect === undefined) return;
  if (method === undefined) {
    return report(turn, sender === 'client' ? 'auth-without-connect-method' : 'unasked-auth');
  }
  const own = packet.properties?.authenticationMethod;
  if (own !== undefined && own !== method) report(turn, 'other-method', { path: 'properties.authenticationMethod' });
  checkCode(turn, packet.reasonCode ?? 0);
  follow(turn, packet.reasonCode ?? 0);
}

function checkCode(turn: Turn, code: number): void {
  const { connection, record } = turn;
  const isClient = senderOf(record.direction) === 'client';
  const isBefore = connection.connack === undefined;
  if (!isBefore) {
    if (isClient && code === CONTINUE && !connection.isReAuthenticating) {
      report(turn, 'early-re-authentication', { path, detail: 'it begins with 0x19' });
    }
    return;
  }
  if (isClient && code === AGAIN) report(turn, 'early-re-authentication', { path });
  else if (isClient && code !== CONTINUE) report(turn, 'client-auth-code', { path });
  else if (!isClient && code !== CONTINUE) report(turn, 'server-auth-code', { path });
}

function follow(turn: Turn, code: number): void {
  const { connection, now } = turn;
  connection.authenticating ??= openExchange('auth');
  const exchange = connection.authenticating;
  if (exchange.steps.length === 0) {
    turn.record.pair = exchange;
    addStep(exchange, stepOf(turn));
  } else join(turn, exchange);
  if (code === AGAIN) connection.isReAuthenticating = true;
  if (code !== 0) return;
  endExchange(exchange, 'done', now);
  connection.authenticating = undefined;
  connection.isReAuthenticating = false;
}
