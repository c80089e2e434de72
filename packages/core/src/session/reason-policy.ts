/** What a reason code of the server says about trying again. */

/**
 * False where the same attempt must fail again, or would start a fight: a session that another client took over (0x8E)
 * is theirs. 0x9C and 0x9D say to try elsewhere.
 */
export function isRetryable(reasonCode: number): boolean {
  return RETRYABLE.has(reasonCode);
}

/** The server asks to use another one, for now or for good. */
export function isRedirect(reasonCode: number): boolean {
  return reasonCode === 0x9c || reasonCode === 0x9d;
}

const RETRYABLE: ReadonlySet<number> = new Set([
  0x00, // Normal disconnection, when the server says it.
  0x80, // Unspecified error
  0x83, // Implementation specific error
  0x88, // Server unavailable
  0x89, // Server busy
  0x8b, // Server shutting down
  0x8d, // Keep Alive timeout
  0x93, // Receive Maximum exceeded
  0x94, // Topic Alias invalid
  0x96, // Message rate too high
  0x97, // Quota exceeded
  0x98, // Administrative action
  0x9f, // Connection rate exceeded
  0xa0, // Maximum connect time
]);
