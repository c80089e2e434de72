/** A decoder that goes wrong on purpose at the first PUBLISH, to show what that does not touch. */
import type { Decoder } from '../record/recorder.ts';
import type { ThreadOptions } from './thread-messages.ts';

const PUBLISH = 3;

export function faultyDecoder(decoder: Decoder, fault: NonNullable<ThreadOptions['plantedFault']>): Decoder {
  return {
    open: (id, opening) => decoder.open(id, opening),
    close: (id, ending) => decoder.close(id, ending),
    time: (at) => decoder.time(at),
    takeChanged: () => decoder.takeChanged(),
    bytes: (id, direction, piece) => {
      if ((piece.chunk[0] ?? 0) >> 4 === PUBLISH) goWrong(fault);
      return decoder.bytes(id, direction, piece);
    },
  };
}

function goWrong(fault: NonNullable<ThreadOptions['plantedFault']>): void {
  if (fault === 'throw') throw new RangeError('planted');
  if (fault === 'exit') process.exit(1);
  // Only the end of the thread ends it.
  for (;;);
}
