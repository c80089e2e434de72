/** A message can say where it was published, so that its publisher need not get it back. */
import type { Message } from 'omqtt';

const ORIGIN_PROPERTY = 'omqtt-origin';

export function originOf({ userProperties }: Pick<Message, 'userProperties'>): string | undefined {
  return userProperties.find(([name]) => name === ORIGIN_PROPERTY)?.[1];
}
