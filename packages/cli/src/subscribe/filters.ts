/** The filters of a command, each with its QoS. */
import { UsageError } from '../cli-error.ts';
import type { Task } from '../command.ts';
import { brokerAddress } from '../connect/broker-address.ts';
import { type Qos, topics } from '../options/message-options.ts';
import { subscribeQos } from '../options/subscribe-options.ts';

/** Filters by QoS: what asks for the same goes into one SUBSCRIBE. */
export function filtersByQos(task: Task): ReadonlyMap<Qos, readonly string[]> {
  const { settings, words } = task;
  const fromUrl = brokerAddress(settings).topic;
  const all = [...words, ...(settings.get(topics) ?? []), ...(fromUrl === undefined ? [] : [fromUrl])];
  if (all.length === 0) throw new UsageError("no filter: omqtt sub 'sensors/#', or -t FILTER; quote # for the shell");
  const groups = new Map<Qos, string[]>();
  for (const text of all) {
    const { filter = text, level } = /^(?<filter>.+)@(?<level>[012])$/.exec(text)?.groups ?? {};
    const qos = level === undefined ? (settings.get(subscribeQos) ?? 0) : (Number(level) as Qos);
    groups.set(qos, [...(groups.get(qos) ?? []), filter]);
  }
  return groups;
}
