/** Sessions for tests: with plain options, and with what a store would have kept. */
import { type QueueOptions, type RestoredSession, Session, type SessionOptions } from '../../src/session/index.ts';

export interface NewSession extends Partial<Omit<SessionOptions, 'queue'>> {
  readonly clientId?: string;
  readonly queue?: Partial<QueueOptions>;
  readonly restored?: Partial<RestoredSession>;
}

export function newSession({ clientId = 'client', queue, restored, ...options }: NewSession = {}): Session {
  const session = new Session(
    {
      receiveMaximum: 65_535,
      topicAliasMaximum: 0,
      outboundAliases: 65_535,
      pingTimeoutMs: 5000,
      queue: { maxMessages: 100_000, maxBytes: Infinity, whenFull: 'wait', qos0: 'queue', ...queue },
      whenLost: { qos1: 'republish', qos2: 'fail' },
      adopt: false,
      persists: true,
      ...options,
    },
    clientId,
  );
  if (restored !== undefined) {
    const empty = {
      exists: true,
      isNew: false,
      clientId,
      messages: [],
      inboundIds: [],
      subscriptions: [],
      nextSequence: 1,
    };
    session.restore({ ...empty, ...restored });
  }
  return session;
}
