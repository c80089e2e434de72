/** SUBSCRIBE and UNSUBSCRIBE, and the set of filters that is declared anew in every new session. */
import {
  encode,
  isFailure,
  type MqttError,
  type Packet,
  type SubscribePacket,
  type SubscriptionRequest,
  type UserProperty,
} from '@omqtt/codec';
import type { StoredSubscription } from '@omqtt/contracts/session-store';
import { keep, leave, left, undeclare } from './declarations.ts';
import { ProtocolError, ServerLimitError } from './errors.ts';
import { type ConnectionState, type Machine, openConnection, send } from './machine.ts';
import type { Outcome } from './outbound-message.ts';
import { checkSubscribeLimits, refusalOf } from './subscribe-limits.ts';

export interface SubscribeCommand {
  readonly operation: number;
  readonly subscriptions: readonly SubscriptionRequest[];
  readonly identifier?: number | undefined;
  readonly userProperties?: readonly UserProperty[] | undefined;
}

export interface UnsubscribeCommand {
  readonly operation: number;
  readonly filters: readonly string[];
  readonly userProperties?: readonly UserProperty[] | undefined;
}

/** A SUBSCRIBE or UNSUBSCRIBE on its way; it is sent again on a new connection. */
export interface Exchange {
  operation: number;
  /** 0 until it is sent on this connection. */
  packetId: number;
  readonly content:
    | ({ readonly type: 'subscribe' } & Omit<SubscribeCommand, 'operation'>)
    | ({ readonly type: 'unsubscribe' } & Omit<UnsubscribeCommand, 'operation'>);
}

/** Throws, before anything is sent, for what the server said it would refuse. */
export function subscribe(machine: Machine, command: SubscribeCommand): void {
  const connection = openConnection(machine);
  if (connection !== undefined) checkSubscribeLimits(connection, command);
  const { operation, ...content } = command;
  for (const request of command.subscriptions) {
    const declaration = { request, identifier: command.identifier, isGranted: false };
    machine.state.declarations.set(request.filter, declaration);
    keep(machine, declaration);
  }
  addExchange(machine, { operation, packetId: 0, content: { type: 'subscribe', ...content } });
  flushExchanges(machine);
}

export function unsubscribe(machine: Machine, command: UnsubscribeCommand): void {
  const { operation, ...content } = command;
  const exchange: Exchange = { operation, packetId: 0, content: { type: 'unsubscribe', ...content } };
  for (const filter of command.filters) leave(machine, filter, exchange);
  addExchange(machine, exchange);
  flushExchanges(machine);
}

function addExchange({ state }: Machine, exchange: Exchange): void {
  state.exchanges.add(exchange);
  state.unsentExchanges.push(exchange);
}

/** Sends what waits for a connection or for a packet id. */
export function flushExchanges(machine: Machine): void {
  const connection = openConnection(machine);
  if (connection === undefined) return;
  const { exchanges, unsentExchanges, packetIds } = machine.state;
  while (unsentExchanges.first !== undefined && !packetIds.isExhausted) {
    const exchange = unsentExchanges.shift();
    if (exchange !== undefined && exchanges.has(exchange)) sendExchange(machine, connection, exchange);
  }
}

function sendExchange(machine: Machine, connection: ConnectionState, exchange: Exchange): void {
  try {
    if (exchange.content.type === 'subscribe') checkSubscribeLimits(connection, exchange.content);
    checkSize(connection, packetOf(connection, exchange, 1));
  } catch (error) {
    giveUp(machine, exchange, error as MqttError);
    return;
  }
  exchange.packetId = machine.state.packetIds.take();
  send(machine, connection, packetOf(connection, exchange, exchange.packetId));
}

// This connection does not allow it.
function giveUp(machine: Machine, exchange: Exchange, error: MqttError): void {
  const { content, operation } = exchange;
  endExchange(machine, exchange, { error });
  if (content.type !== 'subscribe') return;
  // Nobody waits for the answer to a renewal, so it is divided until only what is not allowed has to go.
  if (operation === 0 && content.subscriptions.length > 1) {
    divide(machine, content);
    return;
  }
  for (const request of content.subscriptions) {
    // Another call may have declared the filter since.
    if (machine.state.declarations.get(request.filter)?.request !== request) continue;
    undeclare(machine, request.filter);
    if (operation !== 0) continue;
    machine.effects.deliver({ type: 'subscription-lost', filter: request.filter, reasonCode: refusalOf(error) });
  }
}

function divide(machine: Machine, content: Exchange['content'] & { readonly type: 'subscribe' }): void {
  const { exchanges, unsentExchanges, declarations } = machine.state;
  // On the next connection the parts come after all that has no answer yet. What another call has declared or taken away
  // since is left to that call, which must have the last word.
  const wanted = content.subscriptions.filter((request) => declarations.get(request.filter)?.request === request);
  const middle = Math.ceil(wanted.length / 2);
  const halves = [wanted.slice(0, middle), wanted.slice(middle)].filter((half) => half.length > 0);
  const parts = halves.map((subscriptions) => ({ operation: 0, packetId: 0, content: { ...content, subscriptions } }));
  for (const part of parts) exchanges.add(part);
  unsentExchanges.putFirst(parts);
}

function checkSize({ limits, version }: ConnectionState, packet: Packet): void {
  if (limits.maximumPacketBytes === Infinity) return;
  const size = encode(packet, version).length;
  if (size > limits.maximumPacketBytes) throw new ServerLimitError('packet-size', size, limits.maximumPacketBytes);
}

function packetOf({ version }: ConnectionState, { content }: Exchange, packetId: number): Packet {
  const { userProperties } = content;
  const user = userProperties && version === '5.0' ? { userProperties } : undefined;
  if (content.type === 'unsubscribe') {
    return { type: 'unsubscribe', packetId, filters: content.filters, ...(user && { properties: user }) };
  }
  const { subscriptions, identifier } = content;
  const properties = identifier === undefined ? user : { ...user, subscriptionIdentifier: identifier };
  return { type: 'subscribe', packetId, subscriptions, ...(properties && { properties }) } satisfies SubscribePacket;
}

export function receiveSubscribeAck(machine: Machine, packet: Packet & { type: 'suback' | 'unsuback' }): void {
  const wanted = packet.type === 'suback' ? 'subscribe' : 'unsubscribe';
  const exchange = findExchange(machine, packet.packetId);
  // For an id that nobody waits for, or of the other kind [MQTT-2.2.1-6]: it settles nothing.
  if (exchange === undefined || exchange.content.type !== wanted) return;
  const { content } = exchange;
  const filters = content.type === 'subscribe' ? content.subscriptions.map(({ filter }) => filter) : content.filters;
  const isBare = packet.type === 'unsuback' && machine.connection?.version === '3.1.1';
  if (!isBare && packet.reasonCodes.length !== filters.length) {
    throw new ProtocolError({
      message: `it answered ${filters.length} filters with ${packet.reasonCodes.length} reason codes`,
      statement: packet.type === 'suback' ? 'MQTT-3.8.4-6' : 'MQTT-3.11.3-1',
    });
  }
  grant(machine, exchange, packet.reasonCodes);
  endExchange(machine, exchange, { packet });
}

function grant(machine: Machine, exchange: Exchange, reasonCodes: readonly number[]): void {
  const { declarations } = machine.state;
  if (exchange.content.type !== 'subscribe') return;
  for (const [index, request] of exchange.content.subscriptions.entries()) {
    const reasonCode = reasonCodes[index] ?? 0x80;
    const declaration = declarations.get(request.filter);
    // Another call has declared the filter since; its own answer will tell.
    if (declaration?.request !== request) continue;
    declaration.isGranted = !isFailure(reasonCode);
    if (declaration.isGranted) {
      keep(machine, declaration);
      continue;
    }
    undeclare(machine, request.filter);
    // Nobody waits for the answer when the session renews a subscription by itself.
    if (exchange.operation === 0) {
      machine.effects.deliver({ type: 'subscription-lost', filter: request.filter, reasonCode });
    }
  }
}

/**
 * The exchanges of a new connection, beyond those under way: all declared filters if the session is new, and else those
 * without an answer, whose SUBSCRIBE went down with the process before this one.
 */
export function renewSubscriptions(machine: Machine, isResumed: boolean): void {
  const { declarations } = machine.state;
  if (!isResumed) forgetUnsubscribes(machine);
  const pending = new Set(requestsUnderWay(machine));
  const batches = new Map<number | undefined, SubscriptionRequest[]>();
  for (const declaration of declarations.values()) {
    if (pending.has(declaration.request) || (isResumed && declaration.isGranted)) continue;
    if (declaration.isGranted) {
      declaration.isGranted = false;
      keep(machine, declaration);
    }
    const batch = batches.get(declaration.identifier);
    if (batch === undefined) batches.set(declaration.identifier, [declaration.request]);
    else batch.push(declaration.request);
  }
  for (const [identifier, requests] of batches) {
    for (let start = 0; start < requests.length; start += FILTERS_PER_PACKET) {
      const subscriptions = requests.slice(start, start + FILTERS_PER_PACKET);
      addExchange(machine, { operation: 0, packetId: 0, content: { type: 'subscribe', subscriptions, identifier } });
    }
  }
}

// A new session has nothing to take away but what a SUBSCRIBE before is about to add.
function forgetUnsubscribes(machine: Machine): void {
  const filters = new Set<string>();
  for (const exchange of machine.state.exchanges.values()) {
    const { content } = exchange;
    if (content.type === 'subscribe') for (const { filter } of content.subscriptions) filters.add(filter);
    else if (!content.filters.some((filter) => filters.has(filter))) endExchange(machine, exchange, {});
  }
}

function* requestsUnderWay({ state }: Machine): Generator<SubscriptionRequest> {
  for (const { content } of state.exchanges.values()) if (content.type === 'subscribe') yield* content.subscriptions;
}

/** Small enough for every broker that was looked at, large enough to renew thousands in a moment. */
const FILTERS_PER_PACKET = 100;

/** The connection is gone: what had no answer waits for the next one. */
export function suspendExchanges(machine: Machine): void {
  const { exchanges, unsentExchanges, packetIds } = machine.state;
  unsentExchanges.clear();
  for (const exchange of exchanges.values()) {
    packetIds.release(exchange.packetId);
    exchange.packetId = 0;
    unsentExchanges.push(exchange);
  }
}

/** The session's user gives up. What has no answer is left to the process that takes the session up. */
export function abandonExchanges(machine: Machine, error: MqttError): void {
  for (const exchange of machine.state.exchanges.values()) forgetExchange(machine, exchange, { error });
  machine.state.leaving?.clear();
}

function findExchange(machine: Machine, packetId: number): Exchange | undefined {
  for (const exchange of machine.state.exchanges.values()) {
    if (exchange.packetId === packetId) return exchange;
  }
  return undefined;
}

function endExchange(machine: Machine, exchange: Exchange, outcome: Outcome): void {
  const { content } = exchange;
  if (content.type === 'unsubscribe') for (const filter of content.filters) left(machine, filter, exchange);
  forgetExchange(machine, exchange, outcome);
}

function forgetExchange(machine: Machine, exchange: Exchange, { packet, error }: Outcome): void {
  machine.state.exchanges.delete(exchange);
  machine.state.packetIds.release(exchange.packetId);
  machine.effects.settle(exchange.operation, packet, error);
}

/** Takes up a subscription that a store kept, unless it was asked for or taken back before the store was read. */
export function restoreSubscription(machine: Machine, kept: StoredSubscription): void {
  const { identifier, isPending = false, isLeaving = false, ...request } = kept;
  const { declarations, exchanges } = machine.state;
  for (const { content } of exchanges.values()) {
    if (content.type === 'unsubscribe' && content.filters.includes(request.filter)) return;
  }
  if (declarations.get(request.filter) !== undefined) return;
  if (isLeaving) {
    unsubscribe(machine, { operation: 0, filters: [request.filter] });
    return;
  }
  declarations.set(request.filter, { request, identifier, isGranted: !isPending });
}
