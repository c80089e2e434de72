/** PINGREQ and PINGRESP: answered in their order. */
import { endExchange } from '../exchange.ts';
import { addMark } from '../packet-record.ts';
import { begin, canBegin, join, report, type Turn } from './turn.ts';

export function onPingreq(turn: Turn): void {
  if (canBegin(turn)) turn.connection.pings.push(begin(turn, 'ping'));
}

export function onPingresp(turn: Turn): void {
  const { connection, record, shared, now } = turn;
  const ping = connection.pings.shift();
  if (ping === undefined) {
    addMark(record, 'orphan');
    if (connection.session.isComplete) report(turn, 'unasked-pingresp');
    return;
  }
  join(turn, ping.exchange);
  endExchange(ping.exchange, 'done', now);
  connection.pingMs = ping.exchange.roundTripMs;
  shared.openExchanges -= 1;
}
