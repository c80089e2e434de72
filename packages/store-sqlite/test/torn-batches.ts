/** What the file of the test of torn files holds: a few messages from long ago, and then batches that are committed one by one. */
import type { StoredMessage } from '@omqtt/contracts';
import { message } from './messages.ts';

export const OLD_MESSAGES = 300;
export const BATCH = 10;
/** The sequences of the batches begin behind this. */
const BEHIND = 5000;

export function oldMessages(): StoredMessage[] {
  return Array.from({ length: OLD_MESSAGES }, (_, index) => message(index + 1));
}

/** From 0 on. */
export function batch(number: number): StoredMessage[] {
  const from = BEHIND + number * BATCH;
  return Array.from({ length: BATCH }, (_, index) => message(from + index, { packetId: index + 1, stage: 'sent' }));
}

export function messagesAfter(batches: number): readonly StoredMessage[] {
  return [...oldMessages(), ...Array.from({ length: batches }, (_, number) => batch(number)).flat()];
}
