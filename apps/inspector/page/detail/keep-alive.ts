/** How near a client is to being given up for its silence, in words. */
import type { ConnectionView } from '@omqtt/inspect';
import { formatDuration } from '../time-format.ts';

/** `now`: by the clock of the capture. */
export function keepAliveText({ keepAliveSeconds, keepAlive, closedAt }: ConnectionView, now: number): string {
  if (keepAliveSeconds === 0) return 'off';
  const { heardAt, longestSilentMs, askedAt, pingMs } = keepAlive;
  const until = closedAt ?? now;
  const silentMs = Math.max(0, until - heardAt);
  const overMs = silentMs - keepAliveSeconds * 1000;
  const words = [
    `${keepAliveSeconds} s`,
    `silent for ${formatDuration(silentMs)}${closedAt === undefined ? '' : ' at its end'}`,
    ...(overMs > 0 ? [`⚠ ${formatDuration(overMs)} too long`] : []),
    `at most ${formatDuration(Math.max(longestSilentMs, silentMs))}`,
  ];
  if (askedAt !== undefined) words.push(`⚠ PINGREQ unanswered for ${formatDuration(Math.max(0, until - askedAt))}`);
  else if (pingMs !== undefined) words.push(`last PINGRESP after ${formatDuration(pingMs)}`);
  return words.join(', ');
}
