/** `sub -U`: takes filters out of the session of the broker before anything else. */
import { UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { id, idPrefix, keepSession } from '../options/session-options.ts';
import { unsubscribe } from '../options/subscribe-options.ts';
import { unsubscribeRaw, visit } from '../raw/kept-session.ts';
import { connectFirst } from '../raw/open-raw.ts';

export async function leaveFilters(task: Task): Promise<void> {
  const { settings, talk } = task;
  const filters = settings.get(unsubscribe) ?? [];
  if (filters.length === 0) return;
  const hasName = settings.has(id) || settings.has(idPrefix);
  if (!hasName || settings.get(keepSession) !== true) {
    throw new UsageError('-U takes a filter out of a session that the broker keeps: add -i ID and -c');
  }
  const [line] = await connectFirst(task, (broker) => visit(settings, broker, false));
  try {
    await unsubscribeRaw(line, filters, talk);
  } finally {
    await line.close();
  }
}
