/** Many connected clients with the same options and ids of their own. */
import type { Client } from 'omqtt';
import type { Task } from '../command.ts';
import { openClient, type OpenClient } from '../connect/open-client.ts';
import { id, idPrefix } from '../options/session-options.ts';

/** So many at once: a broker's backlog is short. */
const AT_ONCE = 50;

export interface ManyClients extends AsyncDisposable {
  readonly clients: readonly Client[];
  /** Rejects when one of them is lost for good. */
  readonly ended: Promise<never>;
}

export async function openMany(task: Task, count: number): Promise<ManyClients> {
  const open: OpenClient[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((one) => one[Symbol.asyncDispose]()));
  };
  try {
    while (open.length < count) {
      const batch = Math.min(AT_ONCE, count - open.length);
      const names = Array.from({ length: batch }, (_, index) => clientIdAt(task, open.length + index));
      const results = await Promise.allSettled(names.map((clientId) => openOne(task, clientId)));
      open.push(...results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
      const failure = results.find((result) => result.status === 'rejected');
      if (failure !== undefined) throw failure.reason;
    }
  } catch (error) {
    await close();
    throw error;
  }
  const ended = Promise.race(open.map((one) => one.ended));
  ended.catch(() => undefined);
  return { clients: open.map(({ client }) => client), ended, [Symbol.asyncDispose]: close };
}

export function openOne(task: Task, clientId: string | undefined): Promise<OpenClient> {
  return openClient(task, { isLongRunning: false, ...(clientId !== undefined && { clientId }) });
}

/** Two clients with one id would throw each other out. */
export function clientIdAt({ settings, io }: Task, index: number): string | undefined {
  const prefix = settings.get(idPrefix) ?? settings.get(id);
  return prefix === undefined ? undefined : `${prefix}-${io.pid}-${index}`;
}
