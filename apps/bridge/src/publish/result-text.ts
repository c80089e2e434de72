/** A result as JSON, written out: its form is known, and for small messages `JSON.stringify` is a part of the cost. */
import { type PublishResult, statusOf } from './publisher.ts';

export function resultText(result: PublishResult): string {
  const { id, topic, broker, qos, reasonCode, reason, guarantee, matchingSubscribers, ackMs } = result;
  const head = `{"id":"${id}","topic":${JSON.stringify(topic)},"broker":"${broker}","qos":${qos},"reasonCode":${reasonCode}`;
  const meaning = result.ackMeaning === undefined ? '' : ',"ackMeaning":"received"';
  const told = `,"reason":"${reason}","guarantee":"${guarantee}"${meaning},"matchingSubscribers":${matchingSubscribers}`;
  return `${head}${told},"ackMs":${ackMs}${result.replayed === true ? ',"replayed":true' : ''}}`;
}

/** The same for one of a batch, which is told less. */
export function itemText(index: number, result: PublishResult): string {
  const { id, reasonCode, guarantee, matchingSubscribers } = result;
  const head = `{"index":${index},"status":${statusOf(result)},"id":"${id}","reasonCode":${reasonCode}`;
  const told = `${head},"guarantee":"${guarantee}","matchingSubscribers":${matchingSubscribers}`;
  return result.replayed === true ? `${told},"replayed":true}` : `${told}}`;
}
