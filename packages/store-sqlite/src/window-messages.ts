/** The messages of a window that came from the other thread. */
import type { StoredMessage } from '@omqtt/contracts';
import { ByteReader } from './byte-reader.ts';
import { readRecord } from './message-record.ts';

/** Payloads are views of the window, which is kept as long as one of them is. */
export function messagesOf(window: Uint8Array): StoredMessage[] {
  const reader = new ByteReader(window);
  const messages: StoredMessage[] = [];
  while (reader.rest > 0) {
    const state = reader.number();
    messages.push(readRecord(state, reader.sizedBytes()));
  }
  return messages;
}
