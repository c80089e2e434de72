/** `omqtt session show --db FILE`: what a file keeps for a client id. Refused while a client has it open. */
import type { StoredSubscription } from '@omqtt/contracts';
import type { Task } from '../command.ts';
import { clientOptions } from '../connect/client-options.ts';
import { exitCodes } from '../exit-codes.ts';
import { id } from '../options/session-options.ts';
import { json } from '../options/output-options.ts';
import { toRfc3339 } from '../output/rfc3339.ts';
import { escapeJson, escapeLine } from '../output/terminal-text.ts';

/** Enough to see what waits. */
const MOST_SHOWN = 100;

export async function showStore(task: Task): Promise<number> {
  const { settings, io } = task;
  const { session } = await clientOptions(task, { isLongRunning: false });
  const store = session?.store;
  if (store === undefined) return exitCodes.usage;
  try {
    const stored = await store.open(settings.get(id) ?? '');
    const waiting = await stored.read(0, MOST_SHOWN);
    const facts = {
      aliveAt: stored.aliveAt === undefined ? 'never' : toRfc3339(stored.aliveAt),
      expirySeconds: stored.expirySeconds ?? 0,
      subscriptions: stored.subscriptions.map(subscriptionText),
      receivedAndNotReleased: stored.inboundIds.length,
      waitingMessages: stored.outbound.messages,
      waitingBytes: stored.outbound.bytes,
      firstWaiting: waiting.map(
        ({ topic, qos, stage, payload }) => `${topic}@${qos} ${payload.length} bytes, ${stage}`,
      ),
    };
    if (settings.get(json) === true) io.out.line(escapeJson(JSON.stringify({ v: 1, ...facts })));
    else {
      for (const [name, value] of Object.entries(facts)) io.out.line(escapeLine(`${name.padEnd(24)} ${textOf(value)}`));
    }
  } finally {
    await store.close();
  }
  return exitCodes.done;
}

function textOf(value: string | number | readonly string[]): string {
  if (typeof value !== 'object') return String(value);
  return value.length === 0 ? 'none' : value.join('; ');
}

function subscriptionText({ filter, qos, isPending, isLeaving }: StoredSubscription): string {
  if (isLeaving === true) return `${filter} is being taken back`;
  return `${filter}@${qos}${isPending === true ? ', not answered yet' : ''}`;
}
