/** The queue of accepted messages that cannot be sent yet: bounded by number and bytes, with a policy for one more. */
import type { MqttError } from '@omqtt/codec';
import { MessageDroppedError, MessageExpiredError } from './errors.ts';
import type { Machine } from './machine.ts';
import { end, type OutboundMessage } from './outbound-message.ts';

export function enqueue(machine: Machine, message: OutboundMessage): void {
  const { state } = machine;
  state.waiting.push(message);
  state.waitingMessages += 1;
  state.waitingBytes += bytesOf(message);
  watchExpiry(state, message);
}

export function watchExpiry({ expiring }: Machine['state'], message: OutboundMessage): void {
  if (message.expiresAt !== Infinity) expiring.add(message.expiresAt, message);
}

/** Messages that were sent and have to begin anew stand before all others. They were accepted, so there is no limit. */
export function putBack(machine: Machine, messages: readonly OutboundMessage[]): void {
  const { state } = machine;
  state.waiting.putFirst(messages);
  for (const message of messages) {
    state.waitingMessages += 1;
    state.waitingBytes += bytesOf(message);
    watchExpiry(state, message);
  }
}

/** The message leaves the queue, whatever becomes of it. */
export function forgetWaiting(machine: Machine, message: OutboundMessage): void {
  const { state } = machine;
  state.waitingMessages -= 1;
  state.waitingBytes -= bytesOf(message);
  // Deadlines of what waits no more are swept out when they are more than half, as in the queue.
  if (state.expiring.size <= state.waitingMessages * 2) return;
  state.expiring.filter((other) => other !== message && other.stage === 'waiting');
}

/** Whether there is room for the message, after the policy has made some. It may have ended the message itself. */
export function makeRoom(machine: Machine, message: OutboundMessage): boolean {
  const { whenFull } = machine.options.queue;
  while (!hasRoom(machine, message)) {
    if (whenFull === 'wait' || whenFull === 'reject') return false;
    const victim = victimOf(machine, message);
    if (victim === undefined) {
      message.stage = 'ended';
      machine.effects.settle(message.operation, undefined, new MessageDroppedError(message.topic, 'queue-full'));
      return true;
    }
    drop(
      machine,
      victim,
      new MessageDroppedError(victim.topic, victim.topic === message.topic ? 'replaced' : 'queue-full'),
    );
  }
  return true;
}

/** Takes a message out of the middle of the queue. */
export function drop(machine: Machine, message: OutboundMessage, error: MqttError): void {
  const { state } = machine;
  forgetWaiting(machine, message);
  end(machine, message, { error });
  // Swept when more than half is dead, so that each message is moved a bounded number of times.
  if (state.waiting.length > state.waitingMessages * 2) state.waiting.filter(({ stage }) => stage === 'waiting');
}

/** Ends what has waited longer than its Message Expiry Interval. */
export function expire(machine: Machine): void {
  const { expiring } = machine.state;
  for (let message = expiring.takeDue(machine.now); message !== undefined; message = expiring.takeDue(machine.now)) {
    if (message.stage === 'waiting') drop(machine, message, new MessageExpiredError(message.topic));
  }
}

function hasRoom(machine: Machine, message: OutboundMessage): boolean {
  const { maxMessages, maxBytes } = machine.options.queue;
  const { waitingMessages, waitingBytes } = machine.state;
  // A message above the limit of bytes may still wait alone: it could never be sent otherwise.
  if (waitingMessages === 0) return maxMessages > 0;
  return waitingMessages < maxMessages && waitingBytes + bytesOf(message) <= maxBytes;
}

function victimOf(machine: Machine, message: OutboundMessage): OutboundMessage | undefined {
  const { waiting } = machine.state;
  switch (machine.options.queue.whenFull) {
    case 'drop-oldest':
      // What has ended is passed once, not with every message that comes.
      while (waiting.first !== undefined && waiting.first.stage !== 'waiting') waiting.shift();
      return waiting.first;
    case 'latest-per-topic':
      return waiting.find(({ stage, topic }) => stage === 'waiting' && topic === message.topic);
    default:
      return undefined;
  }
}

function bytesOf({ topic, payload }: OutboundMessage): number {
  return topic.length + payload.length;
}
