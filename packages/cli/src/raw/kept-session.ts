/** A session that the broker keeps, visited for a moment. */
import type { ConnectPacket } from '@omqtt/codec';
import { reasonName } from '@omqtt/codec';
import { LineLostError, UnsubscribeRefusedError, WaitedTooLongError } from '../cli-error.ts';
import { NEVER_SECONDS, sessionExpiry } from '../options/session-options.ts';
import type { Settings } from '../options/settings.ts';
import type { Talk } from '../output/talk.ts';
import type { RawBroker } from './open-raw.ts';
import type { RawLine } from './raw-line.ts';

const ANSWER_MS = 10_000;

/** The session stays: connecting sets its expiry anew. With one message at a time nothing more than needed comes. */
export function visit(settings: Settings, { version }: RawBroker, takesMessages: boolean): Partial<ConnectPacket> {
  const sessionExpirySeconds = settings.get(sessionExpiry) ?? NEVER_SECONDS;
  const properties = { sessionExpirySeconds, ...(!takesMessages && { receiveMaximum: 1 }) };
  return { cleanStart: false, ...(version === '5.0' && { properties }) };
}

/** Takes the filters out of it, and says what became of each. */
export async function unsubscribeRaw(line: RawLine, filters: readonly string[], talk: Talk): Promise<void> {
  line.send({ type: 'unsubscribe', packetId: 1, filters });
  const answer = await line.next(ANSWER_MS, 'unsuback');
  if (answer === undefined && line.isClosed) throw new LineLostError('before the broker answered UNSUBSCRIBE');
  if (answer === undefined) throw new WaitedTooLongError('the broker did not answer UNSUBSCRIBE');
  let refusal: UnsubscribeRefusedError | undefined;
  for (const [index, filter] of filters.entries()) {
    const code = answer.reasonCodes[index];
    const outcome = code === undefined ? 'done' : reasonName(code, 'unsuback');
    talk.say(`${filter}: ${outcome}`);
    if (code !== undefined && code >= 0x80) refusal ??= new UnsubscribeRefusedError(filter, code, outcome);
  }
  if (refusal !== undefined) throw refusal;
}
