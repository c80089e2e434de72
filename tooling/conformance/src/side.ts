/** The two products that the standard binds: the client library and the embedded broker. */
export const sides = ['client', 'server'] as const;
export type Side = (typeof sides)[number];

/** Only the broker's own tests show what a server does. */
export function sideOf(testFile: string): Side {
  return testFile.startsWith('packages/broker/') ? 'server' : 'client';
}
