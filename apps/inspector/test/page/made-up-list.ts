/** A partner of the page whose list is as long as one likes: its rows are made when they are asked for. */
import type { ServerMessage, StateView } from '../../src/api/messages.ts';
import type { Row } from '../../src/api/row.ts';
import type { MakePartner, Partner } from './page-server.ts';

export function madeUpList(count: number): MakePartner {
  return (send): Partner => {
    send({ type: 'hello', protocol: 1, version: '0', routes: [], now: 0 });
    send(stateOf(count));
    return {
      receive: (message) => {
        if (message.type !== 'window') return;
        const from = message.follow ? count - message.count : message.from;
        const rows = Array.from({ length: Math.max(0, Math.min(message.count, count - from)) }, (_, at) =>
          rowAt(from + at),
        );
        send({ type: 'rows', view: 1, from, rows });
      },
    };
  };
}

function stateOf(end: number): ServerMessage {
  const nothing = { dropped: 0, skippedBytes: 0, isPaused: false, isRevealed: false };
  const state: StateView = { view: 1, first: 0, end, scanned: end, stored: end, last: end, ...nothing };
  return { type: 'state', ...state };
}

function rowAt(position: number): Row {
  return {
    number: position + 1,
    at: Date.UTC(2026, 0, 1) + position,
    connection: 'tcp-1',
    clientId: 'dev-1',
    direction: position % 2 === 0 ? 'c2s' : 's2c',
    type: position % 2 === 0 ? 'publish' : 'puback',
    size: 12,
    summary: `row at ${position}`,
    packetId: (position % 65_535) + 1,
  };
}
