/** Times as records write them: RFC 3339, UTC, nine digits after the second. */

export function toRfc3339(at: number): string {
  const whole = Math.floor(at / 1000);
  const nanoseconds = Math.min(999_999_999, Math.round((at - whole * 1000) * 1e6));
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${String(nanoseconds).padStart(9, '0')}Z`;
}

/** Milliseconds since 1970 with fractions, or nothing when it is no such time. */
export function fromRfc3339(text: string): number | undefined {
  const {
    head = '',
    fraction = '',
    zone = '',
  } = /^(?<head>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(?<fraction>\d{1,9}))?(?<zone>Z|[+-]\d\d:\d\d)$/i.exec(text)
    ?.groups ?? {};
  const seconds = Date.parse(`${head}${zone}`);
  return Number.isNaN(seconds) ? undefined : seconds + Number(`0.${fraction || '0'}`) * 1000;
}
