/** How times are shown: in the time zone of the reader, in UTC, or counted from the packet that is selected. */

export const timeModes = ['local', 'utc', 'relative'] as const;
export type TimeMode = (typeof timeModes)[number];

export const timeModeNames: Readonly<Record<TimeMode, string>> = {
  local: 'local time',
  utc: 'UTC',
  relative: 'from selected',
};

/** `12:00:00.123`; times from a damaged file may be no dates. */
export function formatTime(at: number, mode: TimeMode, origin: number | undefined): string {
  if (mode === 'relative' && origin !== undefined) return formatDelta(at - origin);
  if (!(Math.abs(at) <= 8.64e15)) return '--:--:--.---';
  const shifted = mode === 'local' ? at - new Date(at).getTimezoneOffset() * 60_000 : at;
  return new Date(shifted).toISOString().slice(11, 23);
}

/** `+11ms`, `-2.5s`: short, because it stands in each line. */
export function formatDelta(milliseconds: number): string {
  const sign = milliseconds < 0 ? '-' : '+';
  return `${sign}${formatDuration(Math.abs(milliseconds))}`;
}

export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return `${round(milliseconds, 2)}ms`;
  if (milliseconds < 1000) return `${round(milliseconds, 1)}ms`;
  if (milliseconds < 60_000) return `${round(milliseconds / 1000, 2)}s`;
  if (milliseconds < 3_600_000) return `${round(milliseconds / 60_000, 1)}min`;
  return `${round(milliseconds / 3_600_000, 1)}h`;
}

function round(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

const units = ['B', 'kB', 'MB', 'GB'] as const;

export function formatBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${round(bytes / 1000 ** power, power === 0 ? 0 : 1)} ${units[power]}`;
}

/** In a second; nothing for nothing. */
export function formatRate(perSecond: number): string {
  return perSecond === 0 ? '' : `${round(perSecond, perSecond < 10 ? 1 : 0)}/s`;
}

/** Thin spaces between the thousands. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u2009');
}
