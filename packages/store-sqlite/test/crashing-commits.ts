/** Commits that a process makes until it is killed, and what is kept after each of them. */
import type { StoreChange, StoredMessage, StoredSubscription } from '@omqtt/contracts';
import { message } from './messages.ts';

const subscription: StoredSubscription = {
  filter: 'a/#',
  qos: 2,
  noLocal: false,
  retainAsPublished: false,
  retainHandling: 0,
};

function put(sequence: number): StoreChange {
  return { type: 'put', message: message(sequence) };
}

export const commits: readonly (readonly StoreChange[])[] = [
  [put(1), put(2), { type: 'subscribe', subscription }],
  [
    { type: 'sent', sequence: 1, packetId: 9 },
    { type: 'received', packetId: 4 },
  ],
  [
    { type: 'released', sequence: 1 },
    { type: 'remove', sequence: 2 },
    { type: 'forget', packetId: 4 },
  ],
];

interface State {
  readonly messages: readonly StoredMessage[];
  readonly inboundIds: readonly number[];
  readonly filters: readonly string[];
}

const states: readonly State[] = [
  { messages: [], inboundIds: [], filters: [] },
  { messages: [message(1), message(2)], inboundIds: [], filters: ['a/#'] },
  { messages: [message(1, { stage: 'sent', packetId: 9 }), message(2)], inboundIds: [4], filters: ['a/#'] },
  { messages: [message(1, { stage: 'released', packetId: 9 })], inboundIds: [], filters: ['a/#'] },
];

export function stateAfter(count: number): State {
  const state = states[count];
  if (state === undefined) throw new Error(`there are only ${states.length} states`);
  return state;
}
