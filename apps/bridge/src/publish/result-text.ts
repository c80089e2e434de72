/** A result as JSON, written out: its form is known, and for small messages `JSON.stringify` is a part of the cost. */
import type { PublishResult } from './publisher.ts';

export function resultText(result: PublishResult): string {
  const { id, topic, broker, qos, reasonCode, reason, guarantee, matchingSubscribers, ackMs } = result;
  const head = `{"id":"${id}","topic":${JSON.stringify(topic)},"broker":"${broker}","qos":${qos},"reasonCode":${reasonCode}`;
  const meaning = result.ackMeaning === undefined ? '' : ',"ackMeaning":"received"';
  const told = `,"reason":"${reason}","guarantee":"${guarantee}"${meaning},"matchingSubscribers":${matchingSubscribers}`;
  return `${head}${told},"ackMs":${ackMs}${result.replayed === true ? ',"replayed":true' : ''}}`;
}
