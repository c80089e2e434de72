/** One line on a terminal that is written over every second; nothing for pipes. */
import type { Io } from '../io.ts';
import type { Meter } from './meter.ts';

export function showLive({ err }: Io, meter: Meter): () => void {
  if (!err.isTerminal) return () => undefined;
  let last = 0;
  const timer = setInterval(() => {
    const text = `${Math.round(meter.seconds)} s  ${meter.count} total  ${Math.max(0, meter.count - last)}/s  ${meter.errors} errors`;
    last = meter.count;
    err.write(`\r${text.slice(0, err.columns - 1).padEnd(Math.min(60, err.columns - 1))}`);
  }, 1000);
  return () => {
    clearInterval(timer);
    err.write('\r\u001b[K');
  };
}
