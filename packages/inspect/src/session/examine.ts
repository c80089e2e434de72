/** Looks at one packet in the light of what came before it. */
import type { InspectedPacket } from '../decode/inspected-packet.ts';
import { faultOf } from '../packet-record.ts';
import { resolveTopic } from './aliases.ts';
import { onAuth } from './authentication.ts';
import { checkDelivered, notePublished } from './delivered.ts';
import { onAcknowledgement, onMessage } from './deliveries.ts';
import { onConnack, onConnect } from './handshake.ts';
import { checkPhase, onDisconnect } from './legality.ts';
import { onPingreq, onPingresp } from './pings.ts';
import { pairRequest } from './requests.ts';
import { checkMessageLimits, checkProblemInformation, checkSize } from './server-limits.ts';
import { onSubscriptionAnswer, onSubscriptionRequest } from './subscriptions.ts';
import { checkSilence } from './timing.ts';
import type { Turn } from './turn.ts';

export function examine(turn: Turn): void {
  const { connection, record, now } = turn;
  const { direction, packet } = record;
  connection.packets[direction] += 1;
  connection.bytes[direction] += record.size;
  if (packet && !record.marks.includes('cut')) {
    checkPhase(turn, packet);
    checkSilence(turn);
    checkSize(turn, packet);
    checkProblemInformation(turn, packet);
    follow(turn, packet);
  }
  if (direction === 'c2s' && faultOf(record) !== undefined) connection.malformedAt ??= now;
  connection.lastAt[direction] = now;
  connection.lastNumber[direction] = record.number;
}

function follow(turn: Turn, packet: InspectedPacket): void {
  switch (packet.type) {
    case 'connect':
      return onConnect(turn, packet);
    case 'connack':
      return onConnack(turn, packet);
    case 'publish':
      return onPublish(turn, packet);
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return onAcknowledgement(turn, packet);
    case 'subscribe':
    case 'unsubscribe':
      return onSubscriptionRequest(turn, packet);
    case 'suback':
    case 'unsuback':
      return onSubscriptionAnswer(turn, packet);
    case 'pingreq':
      return onPingreq(turn);
    case 'pingresp':
      return onPingresp(turn);
    case 'disconnect':
      return onDisconnect(turn, packet);
    case 'auth':
      return onAuth(turn, packet);
  }
}

function onPublish(turn: Turn, packet: Extract<InspectedPacket, { readonly type: 'publish' }>): void {
  turn.record.topic = resolveTopic(turn, packet);
  checkMessageLimits(turn, packet);
  if (turn.record.direction === 's2c') checkDelivered(turn, packet);
  else notePublished(turn, packet);
  onMessage(turn, packet);
  pairRequest(turn, packet);
}
