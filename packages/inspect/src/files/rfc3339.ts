/** Times with nanoseconds, as RFC 3339 writes them. */

/** From milliseconds since 1970, with fractions. */
export function toRfc3339(at: number): string {
  const whole = Math.floor(at);
  const nanoseconds = Math.min(999_999, Math.round((at - whole) * 1e6));
  return `${new Date(whole).toISOString().slice(0, -1)}${String(nanoseconds).padStart(6, '0')}Z`;
}

/** `undefined` when the text is no such time. */
export function fromRfc3339(text: string): number | undefined {
  const [, date, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text) ?? [];
  const seconds = date === undefined ? Number.NaN : Date.parse(`${date}Z`);
  if (Number.isNaN(seconds)) return undefined;
  const digits = fraction.padEnd(9, '0');
  return seconds + Number(digits.slice(0, 3)) + Number(digits.slice(3)) / 1e6;
}
