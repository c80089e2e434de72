import type { StoredMessage, StoredSession } from '@omqtt/contracts';

export function message(sequence: number, changes: Partial<StoredMessage> = {}): StoredMessage {
  const payload = new Uint8Array(100).fill(sequence & 0xff);
  return { sequence, stage: 'waiting', topic: `t/${sequence}`, payload, qos: 1, retain: false, ...changes };
}

export async function readAll(session: StoredSession, limit = 1000): Promise<StoredMessage[]> {
  const all: StoredMessage[] = [];
  for (;;) {
    const window = await session.read(all.at(-1)?.sequence ?? 0, limit);
    if (window.length === 0) return all;
    all.push(...window);
  }
}
