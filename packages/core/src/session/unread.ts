/** Messages that wait in the store only. They are read by the window, as the queue in memory runs low. */
import type { StoredMessage } from '@omqtt/contracts/session-store';
import type { Machine } from './machine.ts';
import { type OutboundMessage, restoredMessage } from './outbound-message.ts';
import { watchExpiry } from './waiting.ts';

export interface Unread {
  /** How many there are, and the bytes of their payloads. Both are part of what waits. */
  messages: number;
  bytes: number;
  /** They stand behind this sequence, and before the other. */
  after: number;
  readonly before: number;
}

/** With fewer in memory it is time to read on. */
const FEW_MESSAGES = 1000;

/** Begins with what was not read when the session was restored. */
export function leaveUnread({ state }: Machine, { messages, bytes, after }: Omit<Unread, 'before'>): void {
  state.unread = { messages, bytes, after, before: state.nextSequence };
  state.waitingMessages += messages;
  state.waitingBytes += bytes;
}

/** The sequence behind which the store is to be read now, if it is. */
export function wantedAfter({ state: { unread, waiting } }: Machine): number | undefined {
  if (unread === undefined) return undefined;
  const message = waiting.at(FEW_MESSAGES);
  return message === undefined || isBehind(unread, message) ? unread.after : undefined;
}

/** Takes up the next window. One that is empty, or goes beyond, was the last. */
export function readOn({ state }: Machine, window: readonly StoredMessage[]): void {
  const { unread } = state;
  if (unread === undefined) return;
  const found = window.filter(({ sequence }) => sequence < unread.before).map(restoredMessage);
  // Messages are sent in the order of their sequences, so none behind one that waits was.
  if (found.some(({ stage }) => stage !== 'waiting')) throw new Error('the store has messages out of their order');
  state.waiting.insert(found, (other) => isBehind(unread, other));
  state.waitingMessages += found.length - unread.messages;
  state.waitingBytes -= unread.bytes;
  for (const message of found) {
    state.waitingBytes += message.topic.length + message.payload.length;
    unread.bytes -= message.payload.length;
    watchExpiry(state, message);
  }
  unread.messages -= found.length;
  const last = found.at(-1);
  if (last === undefined || found.length < window.length) {
    state.unread = undefined;
    return;
  }
  unread.after = last.sequence;
  state.waitingMessages += unread.messages;
  state.waitingBytes += unread.bytes;
}

/** It came after those that are still in the store, so it has to wait for them. */
export function isBehindUnread({ state: { unread } }: Machine, message: OutboundMessage): boolean {
  return unread !== undefined && isBehind(unread, message);
}

// QoS 0 has no sequence, and is never restored.
function isBehind({ before }: Unread, { sequence }: OutboundMessage): boolean {
  return sequence === 0 || sequence >= before;
}
