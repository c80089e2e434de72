/** Takes up what a store kept of the session. */
import type { StoredSession } from '@omqtt/contracts';
import type { Session } from '../session/index.ts';

export async function restore(session: Session, stored: StoredSession, clientId: string): Promise<void> {
  const messages = [];
  for (let after = 0; ;) {
    const window = await stored.read(after, READ_WINDOW);
    messages.push(...window);
    const last = window.at(-1);
    if (last === undefined || window.length < READ_WINDOW) break;
    after = last.sequence;
  }
  session.restore({
    exists: (stored.expirySeconds ?? 0) > 0,
    clientId: clientId === '' ? (stored.assignedClientId ?? '') : clientId,
    messages,
    inboundIds: stored.inboundIds,
    subscriptions: stored.subscriptions,
    nextSequence: stored.nextSequence,
  });
}

const READ_WINDOW = 1000;
